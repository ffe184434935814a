"""What travels through `dsp`: blocks of samples in, feature frames and segments out.

Conventions
-----------
Time is an integer **sample index** at a stated ``sample_rate`` (Hz, int), counted from the start of
the stream; seconds exist only at the edge. Every span is half open: ``[start, stop)``.
Audio is mono ``float32``, full scale is ±1. Arrays handed out by a stage are views that stay valid
until its next ``push``: copy what must live longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from dsp.layout import FeatureLayout


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """A run of consecutive mono samples.

    Attributes
    ----------
    samples : np.ndarray, shape=(n,), float32
        The audio, full scale ±1, finite.
    start : int
        Index of the first sample in the stream, lost samples counted.
    sample_rate : int
        Samples per second, Hz.
    gap : int
        Samples lost just before this block (an overflow, a device that went away).
    arrived_s : float, optional
        When the last sample arrived, seconds of ``time.perf_counter``, which all processes of a
        machine share; None where nobody waits for the answer (a file read at full speed).
    """

    samples: np.ndarray
    start: int
    sample_rate: int
    gap: int = 0
    arrived_s: float | None = None

    @property
    def stop(self) -> int:
        """Index one past the last sample."""
        return self.start + len(self.samples)


@dataclass(frozen=True, slots=True)
class FeatureFrame:
    """All features of one analysis frame.

    Attributes
    ----------
    values : np.ndarray, shape=(n_features,), float32
        The features in the order that ``layout`` defines.
    start, stop : int
        The samples that the frame looked at, ``stop - start == n_fft``. ``start`` is negative for
        the first frames: what lies before the stream is silence.
    sample_rate : int
        Samples per second, Hz.
    layout : FeatureLayout
        Names and positions of the features.
    """

    values: np.ndarray
    start: int
    stop: int
    sample_rate: int
    layout: FeatureLayout

    def __getitem__(self, name: str) -> np.ndarray:
        """Feature ``name``, shape=(width,). Raises ``KeyError`` that lists the names."""
        return self.values[self.layout.span(name)]

    @property
    def log_mel(self) -> np.ndarray:
        """Log-mel power, shape=(n_mels,), dB."""
        return self["log_mel"]

    @property
    def wavelet(self) -> np.ndarray:
        """Wavelet band powers, shape=(levels + 1,), dB: approx, then coarse to fine."""
        return self["wavelet"]


@dataclass(slots=True)
class FeatureFrames:
    """Consecutive frames that one ``push`` completed: `FeatureFrame` along a leading axis.

    One object for a whole block keeps the interpreter out of the per-hop path. Nobody changes it;
    it is not frozen because to make a frozen one takes three times as long, and every hop makes
    some.

    Attributes
    ----------
    values : np.ndarray, shape=(n_frames, n_features), float32
        One row a frame; a view, valid until the next ``push``.
    first : int
        Index of the first row's frame in the stream; frame ``i`` ends at ``(i + 1) * hop_length``.
    layout : FeatureLayout
        Names and positions of the features, and the framing that made them.
    hops : np.ndarray, shape=(n_frames, hop_length), float32
        The samples that each frame added: for models whose front end is their own.
    """

    values: np.ndarray
    first: int
    layout: FeatureLayout
    hops: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    @property
    def sample_rate(self) -> int:
        """Samples per second, Hz."""
        return self.layout.sample_rate

    @property
    def stop(self) -> int:
        """Sample index one past the last frame (or where the stream stands, if there is none)."""
        return (self.first + len(self.values)) * self.layout.hop_length

    def __getitem__(self, name: str) -> np.ndarray:
        """Feature ``name`` of all frames, shape=(n_frames, width)."""
        return self.values[self.layout.columns[name]]

    def part(self, start: int, stop: int) -> FeatureFrames:
        """Frames ``start`` to ``stop`` of this block, a view."""
        return FeatureFrames(
            self.values[start:stop], self.first + start, self.layout, self.hops[start:stop]
        )

    def copy(self) -> FeatureFrames:
        """Frames that stay valid."""
        return FeatureFrames(self.values.copy(), self.first, self.layout, self.hops.copy())

    def frame(self, index: int) -> FeatureFrame:
        """Row ``index`` as a `FeatureFrame`. Raises ``IndexError`` outside the block."""
        stop = (self.first + index + 1) * self.layout.hop_length
        return FeatureFrame(
            values=self.values[index],
            start=stop - self.layout.n_fft,
            stop=stop,
            sample_rate=self.layout.sample_rate,
            layout=self.layout,
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of music of one expression, closed by the boundary at ``stop``.

    Attributes
    ----------
    start, stop : int
        Samples; ``stop`` is the back-dated instant of the change.
    strength : float
        How clear the boundary at ``stop`` is, 0..1.
    decided : int
        Sample index at which the boundary was known, ``decided >= stop``.
    """

    start: int
    stop: int
    strength: float
    decided: int
