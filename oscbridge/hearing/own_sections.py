"""The detector of boundaries as a listener's marks have made it: noted, weighed, adjusted.

Conventions
-----------
What the detector knows is noted each time it foretells (six times a second) and where it decides,
so that marks can be weighed (`models.personal_marks`). It is as ready as the profile wants
it, around the sensitivity that was set (`models.personal_sections`). All this in the thread of the
analysis, which does not wait for any disk.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from models.personal_marks import Change
from models.personal_sections import learned_sensitivity
from oscbridge.events import Boundary, Novelty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dsp.boundary import Adjustable
    from models.personal_sections import Weighed
    from oscbridge.events import Event, State
    from oscbridge.hearing.gaps import GapGuard
    from oscbridge.profile import Profile


class OwnSections:
    """Follows the detector of a stream.

    Parameters
    ----------
    profile : Profile
        Who marks sections.
    stream : str
        Name of the stream.
    guard : GapGuard, optional
        The detector; without one, or with one that cannot be adjusted, nothing is learned.
    """

    def __init__(self, profile: Profile, stream: str, guard: GapGuard | None) -> None:
        self._profile = profile
        self._stream = stream
        self._guard = guard
        self._detector = guard.adjustable if guard is not None else None
        self._usual = self._detector.sensitivity if self._detector is not None else 0.0
        self._weighed: Sequence[Weighed] = ()

    def update(self, results: Iterable[State | Event]) -> None:
        """Take what the analysis says."""
        if self._detector is None:
            return
        weighed = self._profile.taught.weighed
        if weighed is not self._weighed:
            self._weighed = weighed
            self._detector.adjust(learned_sensitivity(weighed, self._usual))
        for result in results:
            if isinstance(result, Novelty):
                self._note(result.stop / result.sample_rate, self._in_the_air(result.sample_rate))
            elif isinstance(result, Boundary):
                self._note(result.decided_s, [self._told(result, self._detector)])

    def _told(self, boundary: Boundary, detector: Adjustable) -> Change:
        return Change(boundary.time_s, detector.needed(boundary.strength), told=True)

    def _in_the_air(self, sample_rate: int) -> Iterator[Change]:
        """The change that may be decided soon, if there is one."""
        candidate = self._guard.candidate if self._guard is not None else None
        if candidate is not None and candidate.needed is not None:
            yield Change(candidate.start / sample_rate, candidate.needed)

    def _note(self, now_s: float, changes: Iterable[Change]) -> None:
        if self._profile.sections.note(self._stream, now_s, changes):
            threading.Thread(target=self._profile.weigh_marks, daemon=True).start()
