"""The latency that the ledger declares against clicks through a real JACK server."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.peers.servers import JackServer

pytestmark = pytest.mark.peer("jackd", "jack_lsp")

TRIES = 3
"""A busy machine can only make the way of a click look longer than it is."""


def latency(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "oscbridge", "latency", "--host-api", "jack", *arguments],
        capture_output=True,
        text=True,
        timeout=120.0,
        check=False,
    )


@pytest.mark.timeout(400)
def test_what_is_measured_is_what_is_declared_within_a_block(
    jack: JackServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(TRIES):
        done = latency("--measure", "--device", "loopback", "--block-size", "256", "--json")
        assert done.returncode in (0, 1), done.stderr
        (measured,) = json.loads(done.stdout)
        if measured["agrees"]:
            break
        jack.kill()
        jack.start()
    with capsys.disabled():
        print(f"\nusual {measured['usual_s']}, declared {measured['declared_s']} s,", end=" ")
        print(measured["reaction"], "lost", measured["overflows"])
    assert measured["usual_s"] == pytest.approx(measured["declared_s"], abs=measured["block_s"])
    assert len(measured["heard_s"]) > 30
    assert measured["reaction"]["blocks"] > 100
    assert 0.0 < measured["reaction"]["p50_ms"] < measured["reaction"]["max_ms"]
    assert done.returncode == 0


def test_where_there_is_no_output_of_that_name_it_is_said_in_one_line(jack: JackServer) -> None:
    done = latency("--measure", "--device", "loopback", "--play", "gramophone")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "no output 'gramophone'" in line
    assert "'loopback'" in line
