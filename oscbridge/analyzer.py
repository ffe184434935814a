"""The straight line: audio blocks in; affect, levels, beats and segment events out.

Conventions
-----------
No threads, no clock, no I/O: the same audio gives the same results, bit for bit, however it is
split into blocks. Results carry sample indices at the internal rate
(`dsp.features.FeatureSettings`).

::

    AudioBlock ─► Ear ─┬─► LevelMeter, Pulse ────────────┐
                       ├─► GapGuard ─► SegmentJournal, ──┼─► results
                       │   (Detector)   Forecaster       │
                       │     └─ restart                  │
                       └─► AffectModel ─► AffectState ───┘

`Analyzer.push` is both halves of the work: `Analyzer.hear`, what the ear makes of a block, and
`Analyzer.follow`, what that means. Whoever has a processor to spare runs them on two threads.

A boundary is decided some seconds after the instant that it marks. From then on the model rests on
the sound since that instant alone: it is told to restart there (`models.base`).
"""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from models import catalogue
from models.weights import WeightsError
from oscbridge.errors import OscbridgeError, unknown_name
from oscbridge.events import Event, Novelty, State
from oscbridge.hearing.beats import Pulse
from oscbridge.hearing.detection import SegmentSettings, build_detector
from oscbridge.hearing.ear import Ear
from oscbridge.hearing.foresight import Forecaster
from oscbridge.hearing.gaps import GapGuard
from oscbridge.hearing.levels import LEVEL_FRAMES, LevelMeter
from oscbridge.hearing.segments import SegmentJournal
from oscbridge.hearing.shelf import FRAMES, Shelf, parts, step_of
from oscbridge.hearing.whole import Summary, Whole
from oscbridge.latency_share import LatencyShare
from oscbridge.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsp.types import AudioBlock, FeatureFrames
    from models.base import AffectModel
    from models.types import AffectState

LONGEST_GAP_S = 30.0
"""A longer gap is heard as this much silence: enough to close the segment and forget the piece."""


class Analyzer:
    """The analysis of one stream.

    Parameters
    ----------
    sample_rate : int
        Rate of the blocks, Hz.
    model : str
        Name of the music model.
    segments : SegmentSettings, optional
        How boundaries are found.
    accompany : callable, optional
        Makes of the model one that hears more than the sound (`models.fusion.Duet`).
    on_frames : callable, optional
        Is shown the feature frames of each block before they are used (a view: copy what must
        live).
    stats : Stats, optional
        Where frames are counted.

    Attributes
    ----------
    delay : int
        Samples at the internal rate that the longest chain of stages looks back over.
    model_name, model_digest : str
        Which model speaks.
    detector : GapGuard
        Finds the boundaries.

    Raises
    ------
    SettingsError
        No such model, or no such rule for boundaries: lists what exists.
    OscbridgeError
        The model's files are damaged.
    """

    def __init__(
        self,
        sample_rate: int,
        *,
        model: str = "music",
        segments: SegmentSettings | None = None,
        accompany: Callable[[AffectModel], AffectModel] | None = None,
        on_frames: Callable[[FeatureFrames], None] | None = None,
        stats: Stats | None = None,
    ) -> None:
        try:
            self._model = catalogue.load(model)
        except KeyError:
            raise unknown_name("model", model, catalogue.names()) from None
        except WeightsError as error:
            raise OscbridgeError(str(error)) from None
        if accompany is not None:
            self._model = accompany(self._model)
        self._ear = Ear(sample_rate)
        self.sample_rate = sample_rate
        self.internal_rate = self._ear.internal_rate
        layout = self._ear.layout
        segments = segments or SegmentSettings()
        self.detector = GapGuard(build_detector(segments, layout))
        self._pulse = Pulse(layout, segments.snap)
        self._forecaster = Forecaster(segments.early, self.internal_rate)
        self._journal = SegmentJournal(self.internal_rate)
        self._levels = LevelMeter()
        self._whole = Whole()
        self._shelf = Shelf(layout)
        self._steps = step_of(self.detector), step_of(self._model)
        self._finest = min(*self._steps, LEVEL_FRAMES)
        self._on_frames = on_frames
        self.stats = stats or Stats()
        self.model_name = self._model.name
        self.model_digest = self._model.digest
        self.delay = self._ear.delay + self._model.delay
        self.reset()

    def push(self, block: AudioBlock) -> list[State | Event]:
        """Take a block; return what it reveals, in order.

        Raises
        ------
        ValueError
            A block of another sample rate.
        """
        results: list[State | Event] = []
        for frames in self.hear(block):
            results += self.follow(frames)
        return results

    def hear(self, block: AudioBlock) -> list[FeatureFrames]:
        """Take a block; return the frames that it completes, views, valid until the next call.

        Raises
        ------
        ValueError
            A block of another sample rate.
        """
        if block.sample_rate != self.sample_rate:
            raise ValueError(f"block has {block.sample_rate} Hz, expected {self.sample_rate} Hz")
        heard: list[FeatureFrames] = []
        if block.gap:
            lost = min(block.gap, round(LONGEST_GAP_S * self.sample_rate))
            self._warn_of_gap(lost)
            silence = np.zeros(lost, dtype=np.float32)
            heard = [frames.copy() for frames in self._ear.push(silence)]
        heard += self._ear.push(block.samples)
        self._samples_in += block.gap + len(block.samples)
        self.stats.blocks += 1
        return heard

    def follow(self, frames: FeatureFrames) -> list[State | Event]:
        """Take the next of what `hear` returned; return what it reveals, in order."""
        self.stats.frames += len(frames)
        if self._on_frames is not None:
            self._on_frames(frames)
        results: list[State | Event] = []
        for part in parts(frames):
            self._shelf.put(part)
            results += self._say(part)
        return results

    @property
    def missing(self) -> int:
        """Input samples until the next frame is complete: fewer lead to no result."""
        return self._ear.missing

    def finish(self) -> list[State | Event]:
        """Return what still waits inside, at the end of the stream; closes the last segment."""
        results = [result for frames in self._ear.finish() for result in self.follow(frames)]
        if frames := self._shelf.rest(self._steps[0]):
            results += [event for _, event in self._cut(frames)]
        if frames := self._shelf.rest(self._steps[1]):
            results += self._feel(frames)
        # the last frame may end before the last sample: the segment does not
        results += self._journal.finish(self._samples_in * self.internal_rate // self.sample_rate)
        return results

    def _warn_of_gap(self, lost: int) -> None:
        """Keep the next ``lost`` samples, and what the resampler smears around, from the detector.

        They are the samples of the internal rate, which counts what was pushed.
        """
        blur = self._ear.blur + 1
        start, stop = self._ear.heard - blur, self._ear.heard + lost + blur
        share = self.internal_rate / self.sample_rate
        self.detector.lose(int(start * share), int(stop * share) + 1)

    def _say(self, newest: FeatureFrames) -> list[State | Event]:
        """Results of the newest frames, in the order in which they became known.

        Boundaries come before the states of the same frames and restart the model's evidence.
        """
        beats = self._pulse.update(newest)
        if not beats and not self._shelf.reaches(self._finest):
            return []
        stop = newest.stop
        known: list[tuple[int, State | Event]] = []
        if frames := self._shelf.take(self._steps[0]):
            known += self._cut(frames)
        if frames := self._shelf.take(LEVEL_FRAMES):
            known += [(level.stop, level) for level in self._levels.update(frames)]
        known += [(beat.stop, beat) for beat in beats]
        if self._shelf.take(FRAMES):
            known += [(stop, state) for state in self._foretell(stop)]
        if frames := self._shelf.take(self._steps[1]):
            known += [(state.stop, state) for state in self._feel(frames)]
        if len(known) > 1:
            known.sort(key=itemgetter(0))
        return [result for _, result in known]

    def _cut(self, frames: FeatureFrames) -> list[tuple[int, Event]]:
        """Boundaries that frames reveal, each with the line of the grid at which it is told.

        The model's evidence begins anew at each.
        """
        known: list[tuple[int, Event]] = []
        line = self._steps[0] * frames.layout.hop_length
        for segment in self.detector.update(frames):
            stop = self._pulse.moved(segment.stop, self._journal.begun, segment.decided)
            told = -(-segment.decided // line) * line
            closed = self._journal.close(replace(segment, stop=stop))
            known += [(told, event) for event in closed]
            self._model.restart(segment.stop)
        return known

    def _feel(self, frames: FeatureFrames) -> Sequence[AffectState]:
        """What the model says of frames."""
        states = self._model.update(frames)
        for state in states:
            self._journal.update(state)
            self._whole.update(state)
        return states

    def _foretell(self, now: int) -> list[State | Event]:
        """What is in the air at a line of the coarsest grid."""
        candidate = self.detector.candidate
        early = self._forecaster.update(candidate, self._journal.following, now)
        probability = candidate.probability if candidate is not None else 0.0
        novelty = Novelty(probability, now, self.internal_rate)
        return [self._pulse.tempo(now), *early, novelty]

    def begin_anew(self, back_s: float) -> None:
        """Forget what the music expressed longer than ``back_s`` seconds ago."""
        heard = self._samples_in * self.internal_rate // self.sample_rate
        self._model.restart(max(heard - round(back_s * self.internal_rate), 0))

    def summary(self) -> Summary:
        """What the stream expressed so far."""
        return self._whole.summary(self._samples_in / self.sample_rate)

    def latency(self) -> list[LatencyShare]:
        """Shares of the latency that the analysis causes, in the order of the path.

        The window's share is the lag of its centre; the hop's and the model's are the longest waits
        for a frame and for a pool of frames to fill.
        """
        layout, rate = self._ear.layout, self.internal_rate
        return [
            LatencyShare("resampler", "dsp.resample", self._ear.blur / self.sample_rate),
            LatencyShare("hop", "dsp.framing", layout.hop_length / rate),
            LatencyShare("window", "dsp.fft", layout.n_fft / 2 / rate),
            LatencyShare("model", f"models.{self.model_name}", self._model.delay / rate),
        ]

    @property
    def segmenter_delay_s(self) -> float:
        """Look-back of the detector before a boundary can be decided, seconds."""
        return self.detector.delay / self.internal_rate

    def reset(self) -> None:
        """Start a new stream."""
        self._ear.reset()
        self._model.reset()
        self.detector.reset()
        self._pulse.reset()
        self._forecaster.reset()
        self._journal.reset()
        self._levels.reset()
        self._whole.reset()
        self._shelf.reset()
        self._samples_in = 0
