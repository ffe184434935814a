"""Pure Data runs our patch: it hears values, answers requests, and says what is felt."""

from __future__ import annotations

from pathlib import Path

import pytest

from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS
from tests.peers.beside import Namespace
from tests.peers.servers import wait_until

pytestmark = [pytest.mark.peer("pd", "unshare", "ip")]

PATCH = Path(__file__).parents[2] / "examples" / "pd" / "oscbridge.pd"
PORT = 7771


def test_pd_hears_what_we_say_and_answers(namespace: Namespace, tmp_path: Path) -> None:
    courier = namespace.courier("pd")
    flags = ("-nogui", "-noaudio", "-nomidi", "-nrt", "-stderr", "-noprefs")
    home = {"HOME": str(tmp_path)}
    pd = namespace.run("pd", *flags, "-open", str(PATCH), "-send", "feel 0.5 -0.25", env=home)
    wait_until(lambda: namespace.listens(PORT), "Pd listens")

    felt = INLETS["in/affect/va"]
    courier.wait_for(lambda post: bool(post.heard), "what is felt")
    assert courier.heard[0][0] == felt.address
    assert felt.read(courier.heard[0][1]) == (0.5, -0.25)  # type: ignore[arg-type]

    courier.say(
        SIGNALS["valence"].message(0.25),
        SIGNALS["quadrant"].message(2),
        SIGNALS["quadrant/1"].message(0.5),
        SIGNALS["quadrant/enter"].message(2, "tense", 0.5),
        SIGNALS["segment/boundary"].message(3, 250, 0.5),
        SIGNALS["request/fade"].message(0.5),
        SIGNALS["request/go"].message(7, "sad", "bar", 0.5),
    )
    assert pd.wait_for("quadrant:").endswith("2 tense 0.5")
    assert pd.wait_for("boundary:").endswith("3 250 0.5")
    assert pd.wait_for("request:").endswith("7 sad bar 0.5")
    ack = INLETS["in/request/ack"]
    courier.wait_for(lambda post: len(post.heard) == 3, "both acknowledgements")
    assert {address for address, _ in courier.heard[1:]} == {ack.address}
    answers = [ack.read(args) for _, args in courier.heard[1:]]  # type: ignore[arg-type]
    assert answers == [(7, "started"), (7, "done")]
    assert not [line for line in pd.lines if "error" in line or "couldn't" in line], pd.lines
