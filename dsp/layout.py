"""The layout of a feature frame: which number stands where, and a hash that says so.

Conventions
-----------
``FeatureLayout`` is the one description of a frame: the framing, the features by name and width in
order, and every setting that changes their values. Its `digest` goes into each weight file, so that
a model refuses features that it was not trained on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


class _Columns(dict[str, tuple[slice, slice]]):
    """Index of each feature in an array of frames; a wrong name lists those that are there."""

    def __missing__(self, name: str) -> tuple[slice, slice]:
        raise KeyError(f"no feature {name!r}; there are {', '.join(self)}")


@dataclass(frozen=True)
class FeatureLayout:
    """Names, widths and provenance of the features of a frame.

    Parameters
    ----------
    sample_rate : int
        Samples per second, Hz.
    n_fft, hop_length : int
        Frame length and distance of frames, samples.
    features : tuple of (name, width)
        In the order in which they stand in a frame.
    settings : str
        Canonical text of all settings that change values (filters, limits, reference levels).

    Attributes
    ----------
    columns : dict
        Index of each feature in an array of frames, shape=(n_frames, width).
    """

    sample_rate: int
    n_fft: int
    hop_length: int
    features: tuple[tuple[str, int], ...]
    settings: str
    columns: dict[str, tuple[slice, slice]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute the positions once.

        Raises
        ------
        ValueError
            A name stands twice, or a width is less than 1.
        """
        columns = _Columns()
        at = 0
        for name, width in self.features:
            if name in columns:
                raise ValueError(f"feature {name!r} stands twice in the layout")
            if width < 1:
                raise ValueError(f"feature {name!r} needs a width of 1 or more, not {width}")
            columns[name] = slice(None), slice(at, at + width)
            at += width
        object.__setattr__(self, "columns", columns)

    @property
    def width(self) -> int:
        """Number of values in a frame."""
        return sum(width for _, width in self.features)

    @property
    def names(self) -> tuple[str, ...]:
        """Feature names in order."""
        return tuple(name for name, _ in self.features)

    def span(self, name: str) -> slice:
        """Positions of feature ``name``. Raises ``KeyError`` that lists what exists."""
        return self.columns[name][1]

    @property
    def digest(self) -> str:
        """SHA-256 of layout and settings, 16 hex digits: equal features, equal digest."""
        text = repr((self.sample_rate, self.n_fft, self.hop_length, self.features, self.settings))
        return hashlib.sha256(text.encode()).hexdigest()[:16]
