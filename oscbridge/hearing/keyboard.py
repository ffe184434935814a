"""A performer's keyboard in a live run: alone, or beside the sound.

Conventions
-----------
The analysis thread takes what was played whenever it takes a block: the block's end is the clock,
and a message that is some milliseconds old is placed so much before it, never before what has been
analysed. Alone, the notes are the performance and the blocks are empty (`sources.none`). Beside
sound, a `models.fusion.Duet` hears both, and boundaries found in the sound restart both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from models.fusion import Duet
from models.midi_file import key_event
from oscbridge.analyzer import Analyzer
from oscbridge.events import SignalLevel
from oscbridge.hearing.note_analyzer import NoteAnalyzer, load_note_model
from oscbridge.latency_share import LatencyShare
from oscbridge.sources.relay import Relay
from oscbridge.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsp.types import AudioBlock, FeatureFrames
    from models.base import AffectModel
    from models.notes import KeyEvent
    from oscbridge.events import Event, State
    from oscbridge.hearing.detection import SegmentSettings
    from oscbridge.sources.base import Health, Source

LOUDEST = 127
HOLD_S = 1.0
"""How long a key still counts as the level of the input after it was let go, seconds."""


class KeyInput(Protocol):
    """What `oscbridge.sources.midi_link.MidiLink` is."""

    @property
    def name(self) -> str:
        """What people see."""
        ...

    @property
    def health(self) -> Health:
        """Whether it is there."""
        ...

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, each with its age in seconds."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class Fingers:
    """What was played, on the clock of the samples.

    Parameters
    ----------
    keys : KeyInput
        Where the messages come from.
    sample_rate : int
        Of the sample indices, Hz.
    """

    def __init__(self, keys: KeyInput, sample_rate: int) -> None:
        self._keys = keys
        self._sample_rate = sample_rate
        self._stop = 0
        self._down: set[tuple[int, int]] = set()
        self._velocity = 0
        self._moved = 0  # when a key was last pressed or let go

    def until(self, stop: int) -> list[KeyEvent]:
        """Key events since the last call, in order, none later than sample ``stop``."""
        events: list[KeyEvent] = []
        earliest = self._stop
        for age_s, message in self._keys.take():
            at = min(max(stop - round(age_s * self._sample_rate), earliest), stop)
            event = key_event(at, message)
            if event is not None:
                events.append(event)
                earliest = at
                self._feel(event)
        self._stop = stop
        return events

    def _feel(self, event: KeyEvent) -> None:
        if event.kind == "press":
            self._down.add((event.channel, event.pitch))
            self._velocity, self._moved = event.velocity, event.at
        elif event.kind == "release":
            self._down.discard((event.channel, event.pitch))
            self._moved = event.at
        elif event.kind == "silence":
            self._down = {key for key in self._down if key[0] != event.channel}

    @property
    def level(self) -> float:
        """How hard the last key was struck, 0..1; 0 when all keys are up for a while."""
        recent = self._stop - self._moved <= HOLD_S * self._sample_rate
        return self._velocity / LOUDEST if self._down or recent else 0.0


class KeyboardAnalyzer:
    """The analysis of a keyboard alone; what `oscbridge.app.App` needs of an analyzer.

    Parameters
    ----------
    keys : KeyInput
        The keyboard.
    sample_rate : int
        Of the blocks that keep time, Hz.
    stats : Stats, optional
        Where blocks are counted.

    Raises
    ------
    OscbridgeError
        The model's files are damaged.
    """

    def __init__(self, keys: KeyInput, sample_rate: int, stats: Stats | None = None) -> None:
        self._analyzer = NoteAnalyzer()
        self._fingers = Fingers(keys, self._analyzer.sample_rate)
        self._sample_rate = sample_rate
        self.stats = stats or Stats()
        self.detector = None

    def push(self, block: AudioBlock) -> list[State | Event]:
        """Take what was played up to the end of the block."""
        rate = self._analyzer.sample_rate
        stop = block.stop * rate // self._sample_rate
        results = self._analyzer.update(self._fingers.until(stop), stop)
        self.stats.blocks += 1
        if results:
            results.insert(0, SignalLevel(self._fingers.level, 0.0, stop, rate))
        return results

    @property
    def missing(self) -> int:
        """Every block may bring a key."""
        return 1

    def finish(self) -> list[State | Event]:
        """Close the segment."""
        return self._analyzer.finish()

    def begin_anew(self, back_s: float) -> None:
        """Forget what the notes expressed longer than ``back_s`` seconds ago."""
        self._analyzer.begin_anew(back_s)

    def latency(self) -> list[LatencyShare]:
        """The longest wait for an answer."""
        return [LatencyShare("model", f"models.{self._analyzer.model_name}", self._analyzer.wait_s)]


class DuetAnalyzer:
    """The analysis of sound and keyboard together; what `oscbridge.app.App` needs.

    Parameters
    ----------
    keys : KeyInput
        The keyboard.
    sample_rate : int
        Of the blocks, Hz.
    model : str
        Name of the model that hears the sound.
    segments : SegmentSettings, optional
        How boundaries are found, in the sound.
    on_frames : callable, optional
        Is shown the feature frames of the sound, as of `Analyzer`.
    stats : Stats, optional
        Where frames are counted.

    Raises
    ------
    OscbridgeError
        No such model, or its files are damaged.
    """

    def __init__(
        self,
        keys: KeyInput,
        sample_rate: int,
        *,
        model: str = "music",
        segments: SegmentSettings | None = None,
        on_frames: Callable[[FeatureFrames], None] | None = None,
        stats: Stats | None = None,
    ) -> None:
        notes = load_note_model()
        self._fingers = Fingers(keys, notes.sample_rate)

        def accompany(sound: AffectModel) -> Duet:
            """Join the model of sound with that of the notes that are played."""
            return Duet(sound, notes, self._fingers.until)

        self._analyzer = Analyzer(
            sample_rate,
            model=model,
            segments=segments,
            accompany=accompany,
            on_frames=on_frames,
            stats=stats,
        )
        self.stats = self._analyzer.stats
        self.detector = self._analyzer.detector

    def push(self, block: AudioBlock) -> list[State | Event]:
        """Take a block and what was played meanwhile. A key counts as sound where none is heard."""
        least = self._fingers.level
        return [
            replace(result, level=max(result.level, least))
            if isinstance(result, SignalLevel)
            else result
            for result in self._analyzer.push(block)
        ]

    @property
    def missing(self) -> int:
        """Samples until the next frame: keys are heard with the sound."""
        return self._analyzer.missing

    def finish(self) -> list[State | Event]:
        """Return what still waits inside; closes the last segment."""
        return self._analyzer.finish()

    def begin_anew(self, back_s: float) -> None:
        """Forget what was expressed longer than ``back_s`` seconds ago."""
        self._analyzer.begin_anew(back_s)

    def latency(self) -> list[LatencyShare]:
        """Shares of the latency: those of the sound, which is the slower."""
        return self._analyzer.latency()


class AccompaniedSource(Relay):
    """A source whose health is that of a keyboard too.

    Parameters
    ----------
    source : Source
        Keeps time, and may bring sound; no key is waited for.
    keys : KeyInput
        The keyboard; closed with the source.
    name : str
        What people see.
    """

    def __init__(self, source: Source, keys: KeyInput, name: str) -> None:
        super().__init__(source)
        self._keys = keys
        self.name = name

    @property
    def health(self) -> Health:
        """Trouble of the sound, else of the keyboard, else none."""
        ours, keys = super().health, self._keys.health
        return keys if ours.ok and not keys.ok else ours

    def close(self) -> None:
        """Release both."""
        super().close()
        self._keys.close()
