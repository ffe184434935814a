"""Fixtures: a sound server, an OSC peer and a tone, private to a test and gone after it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.peers.beside import Namespace
from tests.peers.servers import TONE_HZ, JackServer, OscDump, PulseServer, write_asound


@pytest.fixture
def idle_jack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[JackServer]:
    """Give a private JACK server that is not started yet."""
    server = JackServer(tmp_path / "jackd.log")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    yield server
    server.close()


@pytest.fixture
def jack(idle_jack: JackServer) -> JackServer:
    """Give a running private JACK server."""
    idle_jack.start()
    return idle_jack


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """Give a running private PulseAudio, which ALSA's default device leads to."""
    folder = Path(tempfile.mkdtemp(prefix="obt-"))  # short: the path of a socket has 107 bytes
    server = PulseServer(folder)
    for name in ("XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(write_asound(folder, "pulse")))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{folder}/native")
    monkeypatch.setenv("PULSE_SOURCE", "ob.monitor")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", f"none{os.getpid()}")
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


@pytest.fixture
def oscdump() -> Iterator[OscDump]:
    """Give a listening ``oscdump``."""
    peer = OscDump()
    yield peer
    peer.close()


@pytest.fixture(scope="session")
def tone_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 10 s of a 440 Hz sine, stereo, 48 kHz."""
    path = tmp_path_factory.mktemp("audio") / "tone.wav"
    wave = 0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(480_000) / 48_000)
    soundfile.write(path, np.stack([wave, wave], axis=1), 48_000)
    return path


@pytest.fixture
def namespace() -> Iterator[Namespace]:
    """Give a name space."""
    place = Namespace()
    yield place
    place.close()
