"""What is heard of a file, on the same path as live sound.

Conventions
-----------
Valence, arousal and probabilities of a track are those that ``oscbridge analyze`` tells of it, bit
for bit. Their uncertainty adds up two things: how much the music itself changes on the way, and how
far the model is off (`MODEL_SD`). Loudness is measured on all channels as they are in the file, all
else on their mean. Memory grows by some hundred bytes a second of the file, whatever its length.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsp.loudness import STEP_S, LoudnessMeter, integrated_lufs
from models.types import AffectState
from oscbridge.analyzer import Analyzer
from oscbridge.errors import InputError
from oscbridge.events import Beat, SegmentEnded
from oscbridge.library.key import key_of
from oscbridge.library.pulse import Beats
from oscbridge.library.timeline import Timeline
from oscbridge.library.track import Section, Sound
from oscbridge.offline.records import SHORTEST_S
from oscbridge.saying.quadrant_tracker import EnergyMeter
from oscbridge.sources.file import File
from oscbridge.sources.settings import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsp.types import FeatureFrames
    from models.base import AffectModel
    from oscbridge.events import Event, State
    from oscbridge.hearing.whole import Summary
    from oscbridge.sources.base import Health

MODEL_SD = (0.35, 0.31)
"""How far valence and arousal of a piece lie from what its listeners said on average, standard
deviation: 0.5 · sqrt(1 - r²) with r of 0.72 and 0.78 (``models/README.md``, vgmidi)."""
UNKNOWN_SD = 0.5
"""The same where nothing is known."""
CALMEST = 1
"""Energy of silence."""
_READ_S = 1.0


class Heard(NamedTuple):
    """What came of listening.

    Attributes
    ----------
    sound : Sound
    complaint : str
        What was wrong with the file although it was heard, a sentence: it breaks off.
    """

    sound: Sound
    complaint: str


class Listener:
    """Listens to files, one after the other.

    Parameters
    ----------
    model : str
        Name of the model.

    Raises
    ------
    SettingsError
        The model is unknown, at the first file.
    """

    def __init__(self, model: str = "music") -> None:
        self._model = model
        self._analyzers: dict[int, Analyzer] = {}
        self._timeline = Timeline()
        self._beats = Beats()
        self._ended: list[SegmentEnded] = []

    def listen(self, path: str, on_progress: Callable[[float, float], None] | None = None) -> Heard:
        """Listen to a file.

        Parameters
        ----------
        path : str
        on_progress : callable, optional
            Gets the seconds heard and the seconds that there are, after each block.

        Raises
        ------
        InputError
            It cannot be read or is too short.
        """
        analyzer, loudness, health = self._hear(path, on_progress)
        model = f"{analyzer.model_name}@{analyzer.model_digest}"
        sound = self._sound(analyzer.summary(), model, loudness)
        return Heard(sound, "" if health.ok else health.detail)

    def _hear(
        self, path: str, on_progress: Callable[[float, float], None] | None = None
    ) -> tuple[Analyzer, Loudness, Health]:
        """Hear a file up to its end; what was heard is in the analyzer and in ourselves."""
        self._timeline, self._beats, self._ended = Timeline(), Beats(), []
        loudness = Loudness()
        source = File(path, SourceSettings(), realtime=False, on_frames=loudness.push)
        loudness.begin(source.sample_rate, source.channels)
        try:
            analyzer = self._analyzer(source.sample_rate)
            while not source.finished:
                block = source.read(_READ_S)
                if block is None:
                    continue
                self._take(analyzer.push(block))
                if on_progress is not None:
                    on_progress(block.stop / source.sample_rate, source.duration_s)
            self._take(analyzer.finish())
            if analyzer.summary().duration_s < SHORTEST_S:
                raise InputError(
                    f"{path!r} is too short: {analyzer.summary().duration_s:.2f} s of sound, and "
                    f"{SHORTEST_S} s are needed."
                )
            return analyzer, loudness, source.health
        finally:
            source.close()

    def _analyzer(self, sample_rate: int) -> Analyzer:
        """An analyzer for a rate, as new."""
        if sample_rate not in self._analyzers:
            self._analyzers = {
                sample_rate: Analyzer(
                    sample_rate,
                    model=self._model,
                    accompany=self._accompany,
                    on_frames=self._look,
                )
            }
        self._analyzers[sample_rate].reset()
        return self._analyzers[sample_rate]

    def _accompany(self, model: AffectModel) -> AffectModel:
        """The model that listens in the place of the one that was asked for."""
        return model

    def _look(self, frames: FeatureFrames) -> None:
        """Count the pitch classes of frames."""
        self._timeline.count(frames["chroma"], frames.stop / frames.layout.sample_rate)

    def _take(self, results: Sequence[State | Event]) -> None:
        for result in results:
            if isinstance(result, AffectState):
                self._timeline.update(result)
            elif isinstance(result, Beat):
                self._beats.update(result)
            elif isinstance(result, SegmentEnded):
                self._ended.append(result)

    def _sound(self, summary: Summary, model: str, loudness: Loudness) -> Sound:
        """Sum up what was heard."""
        whole = self._timeline.stretch()
        known = summary.quadrant != 0
        return Sound(
            duration_s=summary.duration_s,
            valence=summary.valence,
            arousal=summary.arousal,
            valence_sd=math.hypot(whole.valence_spread, MODEL_SD[0]) if known else UNKNOWN_SD,
            arousal_sd=math.hypot(whole.arousal_spread, MODEL_SD[1]) if known else UNKNOWN_SD,
            dominance=whole.dominance,
            quadrant=summary.quadrant,
            quadrant_probabilities=summary.quadrant_probabilities,
            confidence=whole.confidence,
            energy=_energy(summary.arousal) if known else CALMEST,
            tempo_bpm=self._beats.tempo_bpm(),
            key=key_of(whole.chroma) if known else None,
            loudness_lufs=loudness.lufs(),
            embedding=whole.embedding,
            sections=tuple(self._section(ended, loudness) for ended in self._ended),
            model=model,
        )

    def _section(self, ended: SegmentEnded, loudness: Loudness) -> Section:
        start_s, end_s = ended.start / ended.sample_rate, ended.stop / ended.sample_rate
        part = self._timeline.stretch(start_s, end_s)
        known = ended.quadrant != 0
        return Section(
            start_s=start_s,
            end_s=end_s,
            valence=ended.valence,
            arousal=ended.arousal,
            confidence=ended.confidence,
            quadrant=ended.quadrant,
            dominance=part.dominance,
            energy=_energy(ended.arousal) if known else 0,
            tempo_bpm=self._beats.tempo_bpm(start_s, end_s),
            key=key_of(part.chroma) if known else None,
            loudness_lufs=loudness.lufs(start_s, end_s),
            embedding=part.embedding,
        )


class Loudness:
    """K-weighted powers of a file, as they come."""

    def __init__(self) -> None:
        self._meter: LoudnessMeter | None = None
        self._powers = array("d")

    def begin(self, sample_rate: int, channels: int) -> None:
        """Say what will come."""
        self._meter = LoudnessMeter(sample_rate, channels)

    def push(self, frames: np.ndarray) -> None:
        """Take frames, shape=(n, channels)."""
        if self._meter is not None:
            self._powers.frombytes(self._meter.push(frames).tobytes())

    def lufs(self, start_s: float = 0.0, end_s: float = math.inf) -> float | None:
        """Integrated loudness from one time to another; None of silence."""
        first = round(start_s / STEP_S)
        last = len(self._powers) if math.isinf(end_s) else round(end_s / STEP_S)
        lufs = integrated_lufs(np.asarray(self._powers[first:last]))
        return lufs if math.isfinite(lufs) else None


def _energy(arousal: float) -> int:
    """DJ energy level of an arousal, as it is sent live."""
    return EnergyMeter().update(arousal)
