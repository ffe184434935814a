"""A phone on another machine comes to the page over a network, with a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.peers.test_network import lines_of

GUEST = Path(__file__).with_name("guest.py")
SERVED = """
export LOG={log}
connect 1 {guest}
exec "$python" -m oscbridge demo --plain --lan --dashboard > "$LOG"
"""


@pytest.mark.peer("unshare", "nsenter", "ip", "chromium")
def test_another_machine_comes_in_by_the_code_once_and_is_known_from_then_on(
    tmp_path: Path,
) -> None:
    with lines_of(SERVED.format(log=tmp_path / "log", guest=GUEST)) as lines:
        met = json.loads(lines.readline())
    assert met["first"] == "/pair"
    assert met["wrong"] == met["again"] == "Wrong code."
    assert met["right"] == ""
    assert met["frozen"]
    assert met["known"]
    assert not met["camera"]
    assert "over https" in met["why"]
