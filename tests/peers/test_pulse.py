"""Smoke tests of the everyday path of a Linux desktop: the monitor of a PulseAudio sink."""

from __future__ import annotations

import time

import pytest

from oscbridge.sources.live import Live
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats
from tests.peers.servers import DEADLINE_S, TONE_HZ, PulseServer
from tests.peers.test_jack import QUICK_S, hear, read_until, tone_hz

pytestmark = pytest.mark.peer("pulseaudio", "pactl", "paplay")


def test_what_a_sink_plays_is_heard_through_its_monitor(pulse: PulseServer, tone_wav):
    source = Live(SourceSettings(device="pulse", sample_rate=48000))
    try:
        pulse.play(tone_wav)
        heard = hear(source, 0.5)
        assert tone_hz(heard, 48000) == pytest.approx(TONE_HZ, rel=0.005)
    finally:
        source.close()


def test_a_restarted_server_is_taken_up_again(pulse: PulseServer, tone_wav):
    stats = Stats()
    source = Live(SourceSettings(), stats)  # the default device
    try:
        assert source.read(DEADLINE_S) is not None
        pulse.kill()
        read_until(source, ok=False)
        pulse.start()
        pulse.play(tone_wav)
        read_until(source, ok=True)
        heard = hear(source, 0.5)
        assert tone_hz(heard, source.sample_rate) == pytest.approx(TONE_HZ, rel=0.005)
        assert stats.reconnects >= 1  # a starved machine may lose it once more
        began_s = time.monotonic()
    finally:
        source.close()
    assert time.monotonic() - began_s < QUICK_S
