"""What the personal model hears beside valence and arousal: twelve words for how the music sounds.

Conventions
-----------
Each of `FEATURES` is a mean over some values of the summary of the music so far
(`models.summary`), minus its mean and in units of its deviation over two corpora of recordings
(720 clips of panda_4q, 320 tracks of emotify), limited to ±`LIMIT`. They do not depend on the
level. They are few on purpose: what a listener teaches in an evening are some dozens of
corrections.

===============  ==================================================================================
feature          meaning
===============  ==================================================================================
bass … treble    level of four quarters of the mel bands, relative to the running level
brightness       log2 of the spectral centroid
noisiness        crossings of zero
attacks          mean onset strength
swing            deviation of the level
movement         mean size of the change of the spectrum
major            how much better the best major key fits than the best minor one
dissonance       minor seconds and tritones among the pitches
pulse            how strongly onsets repeat
===============  ==================================================================================
"""

from __future__ import annotations

import math

import numpy as np

from models.pools import pool_spans

LIMIT = 3.0
_BANDS = pool_spans()["bands"].stop
_MELS = 64
_TEXTURE = _BANDS + 22
_DEVIATION, _CHANGE, _TAIL = _TEXTURE, 2 * _TEXTURE, 3 * _TEXTURE
_HARMONY = 51
WIDTH = 3 * _TEXTURE + 3 * (_HARMONY + 26)
"""Values of the summary that they are made from."""

_PLACES: dict[str, tuple[int, ...]] = {
    "bass": tuple(range(_MELS // 4)),
    "low middle": tuple(range(_MELS // 4, _MELS // 2)),
    "high middle": tuple(range(_MELS // 2, 3 * _MELS // 4)),
    "treble": tuple(range(3 * _MELS // 4, _MELS)),
    "brightness": (_BANDS + 5,),
    "noisiness": (_BANDS + 4,),
    "attacks": (_BANDS + 1,),
    "swing": (_DEVIATION + _BANDS,),
    "movement": tuple(range(_CHANGE, _CHANGE + _MELS)),
    "major": (_TAIL + 26,),
    "dissonance": (_TAIL + 45, _TAIL + 50),
    "pulse": (_TAIL + _HARMONY + 24,),
}
"""Which values of the summary make each feature."""
FEATURES = tuple(_PLACES)
_MEAN = (
    *(2.005, 0.9944, 0.3475, -1.061, 0.8503, 0.8841),
    *(1.183, 0.4034, 0.4367, 0.08213, 0.6231, 0.3357),
)
_SCALE = (
    *(0.3163, 0.5318, 0.8241, 1.275, 0.6128, 0.4048),
    *(0.314, 0.1564, 0.1263, 0.4053, 0.04795, 0.1734),
)
_NOTHING = (0.0,) * len(FEATURES)


def _plan() -> np.ndarray:
    plan = np.zeros((len(FEATURES), WIDTH))
    for row, places in zip(plan, _PLACES.values(), strict=True):
        row[list(places)] = 1.0 / len(places)
    return plan


class Description:
    """Turns summaries into the features.

    Parameters
    ----------
    width : int
        Values of a summary. Raises ``ValueError`` where they are not those that `WIDTH` counts.
    """

    def __init__(self, width: int) -> None:
        if width != WIDTH:
            raise ValueError(f"a summary has {WIDTH} values, not {width}")
        scale = 1.0 / np.asarray(_SCALE)
        self._plan = (_plan() * scale[:, None]).astype(np.float32)
        self._offset = (np.asarray(_MEAN) * scale).astype(np.float32)

    def of(self, summary: np.ndarray) -> tuple[float, ...]:
        """Features of one summary, shape=(width,), float32."""
        with np.errstate(all="ignore"):  # of a broken summary come zeros
            values = self._plan @ summary - self._offset
        values = np.minimum(np.maximum(values, -LIMIT), LIMIT)
        features = tuple(values.tolist())
        return features if math.isfinite(sum(features)) else _NOTHING
