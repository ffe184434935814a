"""The game as a host: what it says when it is asked for music, and of its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from oscbridge.conversation import Conversation, Heard
from oscbridge.inlets import INLETS
from oscbridge.labels import Labels
from oscbridge.play.band import Band
from oscbridge.play.host import FADE_BEATS, Host
from oscbridge.play.score import BAR, BEAT, BPM, SAMPLE_RATE

if TYPE_CHECKING:
    from oscbridge.protocol import Value


class Partner:
    """Keeps what it is told, after the protocol has checked it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[Value, ...]]] = []

    def say(self, name: str, *values: Value) -> None:
        self.told.append((name, INLETS[name].read(values)))

    def of(self, name: str) -> list[tuple[Value, ...]]:
        """What was said under a name."""
        return [values for told, values in self.told if told == name]

    def acks(self) -> list[tuple[Value, ...]]:
        """Number and state of each acknowledgement."""
        return [values[:2] for values in self.of("in/request/ack")]


def go(number: int, label: str, quantise: str = "bar") -> Heard:
    return Heard("request/go", (number, label, quantise, 0.5))


def play(host: Host, band: Band, count: int, block: int = 500) -> None:
    for _ in range(count // block):
        band.render(block)
        host.update()


@pytest.fixture
def partner() -> Partner:
    return Partner()


@pytest.fixture
def band() -> Band:
    return Band(4)


@pytest.fixture
def host(partner: Partner, band: Band) -> Host:
    return Host(cast("Conversation", partner), band, Labels(q2="Battle"))


def test_a_request_is_queued_with_its_wait_started_on_the_bar_and_done_after_the_fade(
    host: Host, band: Band, partner: Partner
) -> None:
    play(host, band, BEAT)
    order = host.take(go(7, "Battle"))
    assert order is not None
    assert order.turn.start == BAR
    assert partner.of("in/request/ack") == [
        (7, "queued", pytest.approx((BAR - BEAT) / SAMPLE_RATE))
    ]
    play(host, band, BAR - BEAT - 500)
    assert partner.acks()[1:] == []
    play(host, band, 500)
    assert partner.acks()[1:] == [(7, "started")]
    play(host, band, round(FADE_BEATS * BEAT) - 500)
    assert partner.acks()[2:] == []
    play(host, band, 500)
    assert partner.acks()[2:] == [(7, "done")]
    assert band.quadrant == 2


def test_a_newer_request_takes_the_place_of_one_that_waits(
    host: Host, band: Band, partner: Partner
) -> None:
    play(host, band, BEAT)
    host.take(go(1, "happy"))
    host.take(Heard("request/cancel", (1,)))
    host.take(go(2, "sad"))
    play(host, band, 3 * BAR)
    assert partner.acks() == [(1, "queued"), (2, "queued"), (2, "started"), (2, "done")]
    assert band.quadrant == 3


def test_a_request_that_is_called_off_never_begins_and_one_under_way_goes_on(
    host: Host, band: Band, partner: Partner
) -> None:
    host.take(go(1, "sad", "now"))
    play(host, band, 500)
    host.take(Heard("request/cancel", (1,)))
    host.take(go(2, "happy"))
    host.take(Heard("request/cancel", (2,)))
    play(host, band, 3 * BAR)
    assert partner.acks() == [(1, "queued"), (1, "started"), (2, "queued"), (1, "done")]
    assert band.quadrant == 3


def test_music_that_the_game_does_not_have_is_rejected(host: Host, partner: Partner) -> None:
    assert host.take(go(3, "tense")) is None  # its word here is Battle
    assert partner.acks() == [(3, "rejected")]


def test_every_beat_and_bar_is_told_once_and_the_tempo_often_enough_to_count(
    host: Host, band: Band, partner: Partner
) -> None:
    host.update()
    play(host, band, 6 * BAR)
    host.close()
    assert partner.of("in/transport/beat") == [(float(beat),) for beat in range(25)]
    assert partner.of("in/transport/bar") == [(bar,) for bar in range(7)]
    assert partner.of("in/transport/tempo") == [(BPM,)] * 4
    assert partner.of("in/transport/playing") == [(1,), (0,)]
