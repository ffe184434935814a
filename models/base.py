"""The contract of a run-time model of expressed affect: features in, `AffectState` out.

A model is a module ``models/<name>.py`` (our own) or ``models/zoo/<name>.py`` (a published system)
with a function ``load(weights=None) -> AffectModel`` and weights in ``models/weights/<name>.*``;
nothing else has to be edited. ``load()`` takes the shipped weights; others of the same kind (of a
cross-validation fold, of a user) may be passed in. Torch is never imported at run time.

A model may have an attribute ``step``: frames that it likes to take at a time, 1, 4 or 16, because
it says nothing new in between. It is then called for so many at once.

`AffectModel` hears sound. `NoteModel` hears what is played on a keyboard; its card says
``"kind": "notes"``, so that nobody can choose it to hear sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsp.types import FeatureFrames
    from models.notes import KeyEvent
    from models.types import AffectState


@runtime_checkable
class AffectModel(Protocol):
    """A causal model on feature frames."""

    name: str
    """Name by which users choose it (``--model``)."""
    digest: str
    """Hash of the weights: tells two versions of a model apart."""
    delay: int
    """Samples of look-back before the output is meaningful."""

    def update(self, frames: FeatureFrames) -> Sequence[AffectState]:
        """Take the next frames; return the states that they complete, oldest first."""
        ...

    def restart(self, stop: int) -> None:
        """Take what was heard after sample ``stop`` for a new piece: forget what lies before.

        Called when a boundary is decided, some seconds after the instant that it marks. The stream
        goes on; the next state rests on the sound since ``stop`` alone.
        """
        ...

    def reset(self) -> None:
        """Forget all input; keep tables and buffers."""
        ...


@runtime_checkable
class NoteModel(Protocol):
    """A causal model on the key events of a keyboard or a MIDI file."""

    name: str
    """Name of its weights."""
    digest: str
    """Hash of the weights: tells two versions of a model apart."""
    delay: int
    """Samples from one state to the next."""
    sample_rate: int
    """Samples per second of the indices of events and states, Hz."""

    def update(self, events: Sequence[KeyEvent], stop: int) -> Sequence[AffectState]:
        """Take all events up to sample ``stop``; return the states that this completes."""
        ...

    def restart(self, stop: int) -> None:
        """Take what was played after sample ``stop`` for a new piece: forget what lies before."""
        ...

    def reset(self) -> None:
        """Forget all input; keep tables."""
        ...
