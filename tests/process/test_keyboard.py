"""A keyboard in a live run: placed on the clock of the sound, alone and together with it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import pytest

from dsp.types import AudioBlock
from models.types import AffectState
from oscbridge.config import load
from oscbridge.errors import SettingsError
from oscbridge.events import SegmentEnded, SignalLevel
from oscbridge.hearing.keyboard import AccompaniedSource, DuetAnalyzer, Fingers, KeyboardAnalyzer
from oscbridge.session import run_session
from oscbridge.sources.base import Health
from oscbridge.sources.none import BLOCK_SIZE, SAMPLE_RATE, NoSound

RATE = 24_000


@dataclass
class Keys:
    """A keyboard on a script: what is taken next, each with its age."""

    name: str = "test piano"
    ok: bool = True
    waiting: deque[list[tuple[float, bytes]]] = field(default_factory=deque)
    closed: int = 0

    @property
    def health(self) -> Health:
        return Health(self.ok, "" if self.ok else "keyboard is gone")

    def take(self) -> list[tuple[float, bytes]]:
        return self.waiting.popleft() if self.waiting else []

    def close(self) -> None:
        self.closed += 1


def press(pitch: int, velocity: int = 80) -> bytes:
    return bytes((0x90, pitch, velocity))


def release(pitch: int) -> bytes:
    return bytes((0x80, pitch, 0))


def perform(keys: Keys, seconds: int) -> None:
    """Let a C major tune be played, a note every half second: 25 blocks of 20 ms."""
    tune = (60, 64, 67, 72, 67, 64)
    for i in range(2 * seconds):
        keys.waiting.append(
            [(0.0, release(tune[(i - 1) % len(tune)])), (0.0, press(tune[i % len(tune)]))]
        )
        keys.waiting.extend([] for _ in range(24))


def quiet(number: int) -> AudioBlock:
    return AudioBlock(np.zeros(BLOCK_SIZE, np.float32), number * BLOCK_SIZE, SAMPLE_RATE)


def test_a_message_is_placed_as_long_ago_as_it_is_old_but_never_before_what_was_heard() -> None:
    keys = Keys()
    keys.waiting.append([(0.005, press(60)), (0.001, press(62))])
    keys.waiting.append([(9.0, press(64)), (-1.0, press(65))])
    fingers = Fingers(keys, RATE)
    assert [event.at for event in fingers.until(480)] == [480 - 120, 480 - 24]
    assert [event.at for event in fingers.until(960)] == [480, 960]


def test_the_level_is_that_of_the_last_key_while_keys_are_down() -> None:
    keys = Keys()
    keys.waiting.extend([[(0.0, press(60, 127))], [], [(0.0, release(60))], []])
    fingers = Fingers(keys, RATE)
    assert fingers.level == 0.0
    levels = []
    for stop in (100, 10 * RATE, 10 * RATE + 1, 20 * RATE):
        fingers.until(stop)
        levels.append(fingers.level)
    assert levels == [1.0, 1.0, 1.0, 0.0]


def test_a_keyboard_alone_is_heard_and_ends_in_one_segment() -> None:
    keys = Keys()
    perform(keys, seconds=6)
    analyzer = KeyboardAnalyzer(keys, SAMPLE_RATE)
    results = [result for i in range(300) for result in analyzer.push(quiet(i))]
    states = [result for result in results if isinstance(result, AffectState)]
    assert [state.stop for state in states] == [6000 * (i + 1) for i in range(24)]
    assert states[0].quadrant == 0
    assert states[-1].quadrant > 0
    assert states[-1].music == 1.0
    assert any(isinstance(r, SignalLevel) and r.level > 0.5 for r in results)
    (ended,) = analyzer.finish()
    assert isinstance(ended, SegmentEnded)
    assert (ended.start, ended.stop) == (0, 6 * RATE)
    assert analyzer.latency()[0].seconds == 0.25


def test_a_keyboard_over_silence_is_what_is_heard() -> None:
    """Sound that is silent has no say: the duet ends where the keyboard alone does."""
    alone, both = Keys(), Keys()
    perform(alone, seconds=6)
    perform(both, seconds=6)
    analyzer = KeyboardAnalyzer(alone, SAMPLE_RATE)
    duet = DuetAnalyzer(both, SAMPLE_RATE)
    one = [r for i in range(300) for r in analyzer.push(quiet(i)) if isinstance(r, AffectState)]
    two = [r for i in range(300) for r in duet.push(quiet(i))]
    said = [result for result in two if isinstance(result, AffectState)]
    assert said[-1].quadrant == one[-1].quadrant
    assert said[-1].arousal == pytest.approx(one[-1].arousal, abs=0.2)
    assert max(r.level for r in two if isinstance(r, SignalLevel)) > 0.5


def test_trouble_of_the_keyboard_is_the_health_of_the_run() -> None:
    keys = Keys()
    source = AccompaniedSource(NoSound(), keys, "keyboard test piano")
    assert source.health.ok
    keys.ok = False
    assert source.health == Health(False, "keyboard is gone")
    source.close()
    assert source.finished
    assert keys.closed == 1


def test_neither_sound_nor_keyboard_is_a_sentence() -> None:
    config = load(overrides={"input": "none", "outputs.osc.enabled": False})
    with pytest.raises(SettingsError, match="--midi-in"):
        run_session(config, seconds=0.1, view="none")
