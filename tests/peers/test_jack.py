"""Live input from a real JACK server, which is killed, frozen and started again."""

from __future__ import annotations

import signal
import time

import numpy as np
import pytest

from oscbridge.errors import DeviceError
from oscbridge.sources.capture_link import list_devices
from oscbridge.sources.live import Live
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats
from tests.peers.servers import DEADLINE_S, TONE_HZ, JackServer

pytestmark = pytest.mark.peer("jackd", "jack_lsp")

LOOPBACK = SourceSettings(device="loopback", host_api="jack")
QUICK_S = 4.0
"""Less than JACK keeps those waiting who ask a server that does not answer."""


def hear(source: Live, seconds: float) -> np.ndarray:
    """Sound of the next ``seconds``, from where it is loud, each block following the one before."""
    blocks: list[np.ndarray] = []
    end_s = time.monotonic() + DEADLINE_S
    position = None
    while sum(map(len, blocks)) < seconds * source.sample_rate:
        assert time.monotonic() < end_s, f"silence: {source.health}"
        block = source.read(0.1)
        if block is None:
            continue
        assert position is None or block.start == position + block.gap
        position = block.stop
        if blocks or np.abs(block.samples).max() > 0.1:
            blocks.append(block.samples.copy())
    return np.concatenate(blocks)


def tone_hz(heard: np.ndarray, sample_rate: int) -> float:
    """Frequency by the median distance of rising zeros.

    The dummy server's loopback repeats and drops periods when it wakes late: the phase jumps, which
    moves the peak of a spectrum, but not most of the periods of the tone.
    """
    rising = np.flatnonzero((heard[:-1] < 0.0) & (heard[1:] >= 0.0))
    part = heard[rising] / (heard[rising] - heard[rising + 1])
    return float(sample_rate / np.median(np.diff(rising + part)))


def read_until(source: Live, ok: bool) -> None:
    """Read on until the health is as wanted."""
    end_s = time.monotonic() + DEADLINE_S
    while source.health.ok != ok:
        assert time.monotonic() < end_s, f"still {source.health}"
        source.read(0.1)


def test_a_wav_played_into_jack_is_captured_at_its_frequency(jack: JackServer, tone_wav):
    jack.play(tone_wav)
    stats = Stats()
    source = open_source("live", LOOPBACK, stats=stats)
    try:
        heard = hear(source, 1.0)
        assert tone_hz(heard, source.sample_rate) == pytest.approx(TONE_HZ, rel=0.005)
        assert np.sqrt(np.mean(heard**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
        assert (source.name, source.sample_rate) == ("loopback", 48000)
        assert 0.001 < source.latency_s < 0.1  # PortAudio reports 0 or 89,478 s here
        assert source.health.ok
        assert stats.overflows == stats.nonfinite == 0
    finally:
        source.close()


def test_devices_are_listed_and_unknown_ones_refused_with_the_list(jack: JackServer):
    found = {device.name: device for device in list_devices() if "JACK" in device.host_api}
    assert {"system", "loopback"} <= set(found)
    assert found["loopback"].sample_rate == 48000
    assert found["loopback"].channels == 2
    with pytest.raises(DeviceError, match=r"no input device 'turntable'.*loopback"):
        Live(SourceSettings(device="turntable"))
    with pytest.raises(DeviceError, match=r"has 2 channel\(s\), channel 5 does not exist"):
        Live(SourceSettings(device="loopback", channels=(5,)))
    with pytest.raises(DeviceError, match=r"did not open with 44100 Hz.*[Ii]nvalid sample rate"):
        Live(SourceSettings(device="loopback", sample_rate=44100))


def test_a_server_that_dies_and_returns_with_another_rate_is_taken_up_again(
    jack: JackServer, tone_wav
):
    jack.play(tone_wav)
    stats = Stats()
    source = Live(LOOPBACK, stats)
    try:
        hear(source, 0.2)
        died_s = time.monotonic()
        jack.kill()
        killed_s = time.monotonic()
        read_until(source, ok=False)
        assert source.health.detail.startswith("'loopback'")
        assert source.health.detail.endswith("waiting for it to come back")
        assert not source.finished
        off_s = time.monotonic() - killed_s
        jack.start(sample_rate=44100)
        jack.play(tone_wav)
        gap = 0
        while gap == 0:
            block = source.read(0.1)
            gap = block.gap if block is not None else 0
            assert time.monotonic() - died_s < DEADLINE_S
        away_s = time.monotonic() - died_s
        assert off_s < gap / 48000 < away_s + 1.0
        read_until(source, ok=True)
        assert stats.reconnects >= 1  # a starved machine may lose it once more
        heard = hear(source, 1.0)
        assert source.sample_rate == 48000
        assert tone_hz(heard, 48000) == pytest.approx(TONE_HZ, rel=0.005)  # 479 if not resampled
    finally:
        source.close()


def test_a_server_that_stumbles_is_counted(jack: JackServer):
    stats = Stats()
    source = Live(LOOPBACK, stats)
    try:
        assert source.read(DEADLINE_S) is not None
        overflows = stats.device_overflows
        jack.send(signal.SIGSTOP)
        while source.read(0.1) is not None:
            pass
        jack.send(signal.SIGCONT)
        end_s = time.monotonic() + DEADLINE_S
        # Stopped for longer than a stream may stall, it counts as lost and found again.
        while stats.device_overflows == overflows and stats.reconnects == 0:
            assert time.monotonic() < end_s, "periods were lost and nobody said so"
            source.read(0.1)
    finally:
        source.close()


def test_closing_is_quick_while_the_server_is_dead(jack: JackServer):
    source = Live(LOOPBACK)
    assert source.read(DEADLINE_S) is not None
    jack.kill()
    began_s = time.monotonic()
    source.close()
    assert time.monotonic() - began_s < QUICK_S
    assert source.finished
    source.close()
    assert source.read(0.1) is None


def test_a_server_that_freezes_is_reported_and_never_blocks_us(jack: JackServer):
    source = Live(LOOPBACK)
    assert source.read(DEADLINE_S) is not None
    jack.send(signal.SIGSTOP)
    read_until(source, ok=False)
    began_s = time.monotonic()
    source.read(0.1)
    source.close()
    assert time.monotonic() - began_s < QUICK_S
