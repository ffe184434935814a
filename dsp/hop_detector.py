"""What detectors of boundaries share: the record of a stream, and hops told as segments.

Conventions
-----------
A detector follows the hops of a stream. All that its kernel changes lives in one record, which has
the fields of `dsp.silence.SILENCE_STATE` and ``frame``, the index of the newest frame; all that its
kernel is told lives in another, the plan, which `build_plan` fills. Hops count from the start of
the stream and are placed at the middle of their frame, segments count samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.jit import build_records
from dsp.types import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsp.layout import FeatureLayout
    from dsp.segmenter_settings import SegmenterSettings
    from dsp.types import FeatureFrames

SOUND_S = 0.5
"""A silence is over when sound has lasted this long …"""
PAUSE_S = 0.25
"""… with no pause longer than this."""


def build_plan(
    dtype: np.dtype[np.void],
    layout: FeatureLayout,
    settings: SegmenterSettings,
    values: Mapping[str, float],
) -> np.ndarray:
    """Build the plan of a detector's kernel.

    Parameters
    ----------
    dtype : np.dtype
        With the fields of `dsp.silence.SILENCE_PLAN`, and ``log_mel``, ``n_mels``, ``energy``,
        ``shift``: where the features stand in a frame, and by how many hops it lags.
    layout : FeatureLayout
    settings : SegmenterSettings
    values : mapping of str to float
        Of the fields that are the detector's own.

    Returns
    -------
    np.ndarray, shape=(1,), dtype

    Raises
    ------
    KeyError
        The layout has no ``log_mel`` or no ``energy``.
    """
    hops_a_second = layout.sample_rate / layout.hop_length
    log_mel = layout.span("log_mel")
    plan = build_records(dtype)
    shared = {
        "log_mel": log_mel.start,
        "n_mels": log_mel.stop - log_mel.start,
        "energy": layout.span("energy").start,
        "shift": layout.n_fft // (2 * layout.hop_length),
        "min_silence": max(1, round(settings.min_silence_s * hops_a_second)),
        "sound": max(1, round(SOUND_S * hops_a_second)),
        "pause": max(1, round(PAUSE_S * hops_a_second)),
        "floor": settings.silence_db,
    }
    for name, value in (shared | dict(values)).items():
        plan[name] = value
    return plan


class HopDetector:
    """The part of a detector that is the same for all.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    state : np.dtype
        Of the record of a stream.
    """

    def __init__(self, layout: FeatureLayout, state: np.dtype[np.void]) -> None:
        self.layout = layout
        self._state = build_records(state)

    def finish(self) -> Segment | None:
        """Close the last segment where the stream ends, strength 0; None if it is empty.

        The stream is over after this: `reset` before the next.
        """
        state = self._state[0]
        stop = int(state["frame"]) + 1
        if stop <= int(state["start_hop"]):
            return None
        segment = self._segment(int(state["start_hop"]), stop, 0.0)
        state["start_hop"] = stop
        return segment

    def _check(self, frames: FeatureFrames) -> None:
        """Refuse frames of another layout than the detector was made for."""
        if frames.layout is not self.layout and frames.layout != self.layout:
            raise ValueError("the frames have another layout than the detector was made for")

    def _clear(self) -> None:
        """Put the record where a stream begins: before its first frame, in silence."""
        self._state[:] = np.zeros(1, dtype=self._state.dtype)
        self._state[0]["frame"] = -1
        self._state[0]["silent"] = 1

    def _found(self) -> Segment:
        """The segment that the kernel has just closed (`dsp.silence.report`)."""
        found = self._state[0]
        return self._segment(
            int(found["found_from"]), int(found["found_hop"]), float(found["strength"])
        )

    def _segment(self, start: int, stop: int, strength: float) -> Segment:
        """Hops to samples; known at the end of the newest frame."""
        length = self.layout.hop_length
        decided = (int(self._state[0]["frame"]) + 1) * length
        return Segment(start * length, stop * length, strength, decided)
