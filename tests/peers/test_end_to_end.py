"""The straight line with real programs at both ends: JACK in, liblo's ``oscdump`` out."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from oscbridge.sources.demo_music import DemoMusic
from tests.peers.servers import DEADLINE_S, JackServer, OscDump
from tests.peers.test_jack import QUICK_S

pytestmark = pytest.mark.peer("jackd", "jack_lsp", "oscdump", "unshare", "nsenter", "ip", "stdbuf")


@pytest.fixture(scope="module")
def music_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the first, loud section of the demo as stereo: music that we know is music."""
    music = DemoMusic(section_s=20.0)
    path = tmp_path_factory.mktemp("music") / "happy.wav"
    with soundfile.SoundFile(path, "w", music.sample_rate, 2) as file:
        while file.frames < music.section - music.sample_rate:
            beat = music.next_beat()
            file.write(beat[:, None].repeat(2, axis=1))
    return path


@pytest.fixture
def bridge(jack: JackServer, oscdump: OscDump, music_wav: Path) -> Iterator[subprocess.Popen]:
    """Give a running ``oscbridge run`` between JACK and oscdump, with music playing."""
    jack.play(music_wav)
    process = oscdump.run_beside(
        *(sys.executable, "-m", "oscbridge", "run", "--source", "live", "--device", "loopback"),
        *("--host-api", "jack", "--to", f"127.0.0.1:{oscdump.PORT}", "--no-view"),
    )
    yield process
    process.kill()
    process.communicate()


def terminate(process: subprocess.Popen) -> float:
    """Send SIGTERM; return how long the process took to end well, seconds."""
    began_s = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=DEADLINE_S)
    elapsed_s = time.monotonic() - began_s
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "ALSA" not in err + out
    return elapsed_s


def test_live_music_arrives_as_osc_at_another_program(bridge, oscdump: OscDump):
    oscdump.wait_for("/oscbridge/hello ssi ")
    oscdump.wait_for('/oscbridge/status ss "listening"')
    at = oscdump.wait_for("/oscbridge/valence f ")
    oscdump.wait_for("/oscbridge/arousal f ", after=at)
    oscdump.wait_for("/oscbridge/quadrant i ", after=at)
    oscdump.wait_for("/oscbridge/va ff ", after=at)
    for address in ("/oscbridge/valence", "/oscbridge/arousal"):
        assert all(-1.0 <= value <= 1.0 for value in oscdump.values(address))
    assert terminate(bridge) < QUICK_S


def test_a_dying_jack_server_is_reported_and_when_it_is_back_the_music_goes_on(
    bridge, oscdump: OscDump, jack: JackServer, music_wav
):
    at = oscdump.wait_for('/oscbridge/status ss "listening"')
    oscdump.wait_for("/oscbridge/valence f ", after=at)
    jack.kill()
    at = oscdump.wait_for('/oscbridge/status ss "error" "\'loopback\'', after=at)
    assert "waiting for it to come back" in oscdump.lines[at]
    at = oscdump.wait_for("/oscbridge/heartbeat ii ", after=at)
    jack.start()
    jack.play(music_wav)
    at = oscdump.wait_for('/oscbridge/status ss "listening"', after=at)
    oscdump.wait_for("/oscbridge/valence f ", after=at)
    jack.kill()
    oscdump.wait_for('/oscbridge/status ss "error"', after=at)
    assert terminate(bridge) < QUICK_S
