"""What ``oscbridge analyze`` says about a file: records, in the order in which they became known.

Conventions
-----------
`analyse_file` runs the live path on a file, as fast as it goes, and yields records: plain
dictionaries that are the JSON lines of ``analyze --json``, keys in the documented order, every
number finite and rounded to 6 digits. With a profile they are what its listener hears.

============ ==========================================================================
type         further keys
============ ==========================================================================
``affect``   file, time_s, valence, arousal, confidence, quadrant, label
``boundary`` file, time_s, decided_s, strength
``beat``     file, time_s, index, bar, tempo_bpm, confidence
``segment``  file, start_s, end_s, valence, arousal, quadrant, label
``summary``  file, duration_s, valence, arousal, quadrant, label, quadrant_probabilities,
             realtime_factor, model
============ ==========================================================================

``time_s`` of an affect record is the instant up to which the model had heard the file; of a
boundary it is the back-dated instant of the change, and ``decided_s`` is when it was known. The
``bar`` of a beat is null where no bar begins. Affect
records are thinned to `AFFECT_HZ` on a fixed grid of the file's own time, so that neither the
block size nor the machine changes a record; only ``realtime_factor`` is a measurement and differs
from run to run.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from models.types import AffectState
from oscbridge.analyzer import Analyzer
from oscbridge.errors import InputError
from oscbridge.events import Beat, Boundary, Event, SegmentEnded, State
from oscbridge.hearing.detection import SegmentSettings
from oscbridge.hearing.own_ear import OwnHearing
from oscbridge.hearing.whole import Whole
from oscbridge.offline.ahead import heard_ahead
from oscbridge.profile import Profile
from oscbridge.sources.file import File
from oscbridge.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsp.types import FeatureFrames
    from models.base import AffectModel
    from oscbridge.hearing.whole import Summary
    from oscbridge.labels import Labels
    from oscbridge.sources.settings import SourceSettings

Record = dict[str, Any]

AFFECT_HZ = 6
"""Affect records a second at most."""
SHORTEST_S = 0.5
"""Less sound than this says nothing about music."""
DIGITS = 6


class Speaking(Protocol):
    """Whose words the records are."""

    model_name: str
    """Which model spoke."""
    model_digest: str
    """Hash of its weights."""

    def summary(self) -> Summary:
        """What the whole file expressed, as the model says."""
        ...


class Records:
    """Turns what the analyzer says into records of one file.

    Parameters
    ----------
    file : str
        The path as the user wrote it.
    labels : Labels
        The user's words for the quadrants.
    profile : Profile, optional
        Whose ear it is heard with.
    """

    def __init__(self, file: str, labels: Labels, profile: Profile | None = None) -> None:
        self._file = file
        self._labels = labels
        self._own = OwnHearing(profile or Profile())
        self._whole = Whole()
        self._slot = -1

    def of(self, results: list[State | Event]) -> Iterator[Record]:
        """Yield the records of ``results`` in the order in which they became known."""
        for result in self._own.of(results):
            if isinstance(result, AffectState):
                self._whole.update(result)
                slot = result.stop * AFFECT_HZ // result.sample_rate
                if slot > self._slot:
                    self._slot = slot
                    yield self._affect(result)
            elif isinstance(result, Boundary):
                yield self._boundary(result)
            elif isinstance(result, Beat):
                yield self._beat(result)
            elif isinstance(result, SegmentEnded):
                yield self._segment(result)

    def summary(self, analyzer: Speaking, took_s: float) -> Record:
        """Build the last record of the file; ``took_s`` is how long the analysis took."""
        summary = self._whole.summary(analyzer.summary().duration_s)
        return {
            "type": "summary",
            "file": self._file,
            "duration_s": rounded(summary.duration_s),
            "valence": rounded(summary.valence),
            "arousal": rounded(summary.arousal),
            "quadrant": summary.quadrant,
            "label": self._labels.of(summary.quadrant),
            "quadrant_probabilities": [rounded(p) for p in summary.quadrant_probabilities],
            "realtime_factor": round(summary.duration_s / max(took_s, 1e-6), 1),
            "model": f"{analyzer.model_name}@{analyzer.model_digest}",
        }

    def _affect(self, state: AffectState) -> Record:
        return {
            "type": "affect",
            "file": self._file,
            "time_s": rounded(state.time_s),
            "valence": rounded(state.valence),
            "arousal": rounded(state.arousal),
            "confidence": rounded(state.confidence),
            "quadrant": state.quadrant,
            "label": self._labels.of(state.quadrant),
        }

    def _boundary(self, boundary: Boundary) -> Record:
        return {
            "type": "boundary",
            "file": self._file,
            "time_s": rounded(boundary.time_s),
            "decided_s": rounded(boundary.decided_s),
            "strength": rounded(boundary.strength),
        }

    def _beat(self, beat: Beat) -> Record:
        return {
            "type": "beat",
            "file": self._file,
            "time_s": rounded(beat.time_s),
            "index": beat.index,
            "bar": beat.bar if beat.bar >= 0 else None,
            "tempo_bpm": rounded(beat.tempo_bpm),
            "confidence": rounded(beat.confidence),
        }

    def _segment(self, segment: SegmentEnded) -> Record:
        return {
            "type": "segment",
            "file": self._file,
            "start_s": rounded(segment.start / segment.sample_rate),
            "end_s": rounded(segment.stop / segment.sample_rate),
            "valence": rounded(segment.valence),
            "arousal": rounded(segment.arousal),
            "quadrant": segment.quadrant,
            "label": self._labels.of(segment.quadrant),
        }


@dataclass(frozen=True, slots=True)
class Listening:
    """How files are listened to.

    Attributes
    ----------
    settings : SourceSettings
        Block size and channels.
    labels : Labels
        Words for the quadrants.
    model : str
        Name of the model.
    segments : SegmentSettings
        How boundaries are found.
    accompany : callable, optional
        Makes of the model one that knows more than the sound (`oscbridge.offline.lyrics`).
    profile : Profile, optional
        Whose ear they are heard with.
    """

    settings: SourceSettings
    labels: Labels
    model: str = "music"
    segments: SegmentSettings = field(default_factory=SegmentSettings)
    accompany: Callable[[AffectModel], AffectModel] | None = None
    profile: Profile | None = None


def _no_progress(_done_s: float, _total_s: float) -> None:
    """Tell nobody."""


def analyse_file(
    path: str,
    how: Listening,
    *,
    on_frames: Callable[[FeatureFrames], None] | None = None,
    on_progress: Callable[[float, float], None] = _no_progress,
) -> Iterator[Record]:
    """Analyse one file and yield its records; the summary comes last.

    Nothing is yielded before `SHORTEST_S` of sound was heard: a file that is refused leaves no
    record behind. A file that breaks off is analysed as far as it goes, then the error is raised.

    Parameters
    ----------
    path : str
        The audio file.
    how : Listening
        Model, boundaries, channels, words.
    on_frames : callable, optional
        Gets each batch of feature frames, valid during the call.
    on_progress : callable
        Gets the seconds analysed and the seconds that there are, after each block.

    Raises
    ------
    InputError
        The file is missing, not audio or too short; after the summary: it breaks off.
    SettingsError
        The model or the rule for boundaries is unknown.
    """
    stats = Stats()
    source = File(path, how.settings, realtime=False, stats=stats)
    try:
        analyzer = Analyzer(
            source.sample_rate,
            model=how.model,
            segments=how.segments,
            accompany=how.accompany,
            on_frames=on_frames,
            stats=stats,
        )
        began = time.perf_counter()
        records = Records(path, how.labels, how.profile)
        yield from _heard(path, source, analyzer, records, on_progress)
        health = source.health
    finally:
        source.close()
    yield from records.of(analyzer.finish())
    yield records.summary(analyzer, time.perf_counter() - began)
    if not health.ok:
        raise InputError(f"{health.detail}; what there is was analysed.")


def _heard(
    path: str,
    source: File,
    analyzer: Analyzer,
    records: Records,
    on_progress: Callable[[float, float], None],
) -> Iterator[Record]:
    """Yield the records of a source up to its end, once it has proved long enough."""
    held: list[Record] | None = []
    heard_s = 0.0
    for frames, heard_s in heard_ahead(source, analyzer):
        results = [result for some in frames for result in analyzer.follow(some)]
        on_progress(heard_s, source.duration_s)
        if held is None:
            yield from records.of(results)
            continue
        held.extend(records.of(results))
        if heard_s >= SHORTEST_S:
            yield from held
            held = None
    if held is not None:
        raise InputError(
            f"{path!r} is too short to analyse: {heard_s:.2f} s, and {SHORTEST_S} s are needed."
        )


def rounded(value: float) -> float:
    """Round to `DIGITS`; zero has no sign.

    Raises
    ------
    ValueError
        ``value`` is not finite: the analyzer has a mistake, and no reader should see it.
    """
    if not math.isfinite(value):
        raise ValueError(f"the analysis gave {value}, which no record may hold")
    return round(float(value), DIGITS) + 0.0
