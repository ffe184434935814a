"""SuperCollider runs our example: it hears values, answers requests, and says what is felt."""

from __future__ import annotations

from pathlib import Path

import pytest

from oscbridge.inlets import INLETS
from oscbridge.protocol import PREFIX, SIGNALS
from oscbridge.wire.signal import Message
from tests.peers.beside import Namespace, Program

pytestmark = [pytest.mark.peer("sclang", "unshare", "ip")]

EXAMPLE = Path(__file__).parents[2] / "examples" / "supercollider" / "oscbridge.scd"
PORT = 57120
TEST = """
"{example}".load;
OSCdef(\\feel, {{ |m| if(m[1] == "feel".asSymbol) {{ ~feel.(0.5, -0.25) }} }}, '{prefix}/status');
"""


@pytest.fixture
def sclang(namespace: Namespace, tmp_path: Path) -> Program:
    """Run the example in SuperCollider's language; no sound server, no display."""
    script = tmp_path / "test.scd"
    script.write_text(TEST.format(example=EXAMPLE, prefix=PREFIX), encoding="utf-8")
    tmp_path.chmod(0o700)
    env = {
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "HOME": str(tmp_path),
    }
    program = namespace.run("sclang", "-u", str(PORT), str(script), env=env)
    program.wait_for(f"oscbridge: listening on port {PORT}")
    return program


def test_supercollider_hears_what_we_say_and_answers(namespace: Namespace, sclang: Program) -> None:
    courier = namespace.courier("supercollider")
    courier.say(
        SIGNALS["valence"].message(0.25),
        SIGNALS["quadrant/enter"].message(2, "tense", 0.9),
        SIGNALS["segment/boundary"].message(3, 250, 0.7),
    )
    sclang.wait_for("the music is tense now (quadrant 2)")
    sclang.wait_for("a new section, 250 ms ago")

    courier.say(
        SIGNALS["request/go"].message(6, "happy", "8bar", 0.5),
        SIGNALS["request/cancel"].message(6),
        SIGNALS["request/fade"].message(0.5),
        SIGNALS["request/go"].message(7, "sad", "beat", 0.5),
    )
    sclang.wait_for("sad music starts (beat), 0.5 beats of fade")
    ack = INLETS["in/request/ack"]
    courier.wait_for(lambda post: len(post.heard) >= 4, "all acknowledgements")
    assert [ack.read(args) for _, args in courier.heard] == [  # type: ignore[arg-type]
        (6, "queued"),
        (7, "queued"),
        (7, "started"),
        (7, "done"),
    ]
    assert {address for address, _ in courier.heard} == {ack.address}

    courier.say(Message(SIGNALS["status"], ("feel", "")))
    felt = INLETS["in/affect/va"]
    courier.wait_for(lambda post: post.heard[-1][0] == felt.address, "what is felt")
    assert felt.read(courier.heard[-1][1]) == (0.5, -0.25)  # type: ignore[arg-type]
