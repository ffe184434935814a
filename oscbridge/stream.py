"""A stream: one source on its way through one analysis to its outputs.

Conventions
-----------
A run (`oscbridge.app`) has one stream or many, each with outputs and counters of its own and, where
there are several, a name, under which its messages go out: ``/oscbridge/<name>/…``. The trouble of
one is not the trouble of the others.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from oscbridge.analysis import Listener, StreamAnalysis
from oscbridge.beginning import Beginning, build_composer
from oscbridge.dispatch import Dispatcher
from oscbridge.hearing.own_ear import OwnEar
from oscbridge.outbox import Outbox
from oscbridge.outputs.base import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.config import Config
    from oscbridge.hearing.gaps import GapGuard
    from oscbridge.latency_share import LatencyShare
    from oscbridge.outputs.base import Output
    from oscbridge.profile import Profile
    from oscbridge.snapshot import Snapshot
    from oscbridge.sources.base import Source
    from oscbridge.stats import Stats


class Analysis(Listener, Protocol):
    """What a stream needs of an analyzer."""

    stats: Stats

    @property
    def detector(self) -> GapGuard | None:
        """What finds the boundaries, where anything does."""
        ...

    def latency(self) -> Sequence[LatencyShare]:
        """Shares of the latency."""
        ...

    def begin_anew(self, back_s: float) -> None:
        """Forget what the music expressed longer than ``back_s`` seconds ago."""
        ...


class Stream:
    """One stream from start to stop; it owns, and closes, what it is given.

    Parameters
    ----------
    config : Config
        Settings.
    source : Source
        Open.
    analyzer : Analysis
        Made for the source's rate.
    outputs : sequence of Output
        Open.
    name : str
        Which stream it is, where there are several.
    session : str
        Id of the run; by itself, a stream has one of its own.
    profile : Profile, optional
        Whose ear it is heard with; the owner is the run.
    """

    def __init__(
        self,
        config: Config,
        source: Source,
        analyzer: Analysis,
        outputs: Sequence[Output],
        name: str = "",
        session: str = "",
        profile: Profile | None = None,
    ) -> None:
        self.name = name
        self._outputs = tuple(outputs)
        self._stats = analyzer.stats
        self._on_end: Callable[[Stream, BaseException | None], None] = lambda stream, failure: None
        shares = analyzer.latency()
        beginning = Beginning(
            session or secrets.token_hex(4),
            time.monotonic(),
            source.latency_s + sum(share.seconds for share in shares),
            sum(share.seconds for share in shares if share.stage == "smoothing"),
            source.latency_s,
        )
        for output in self._outputs:
            if isinstance(output, Witness):
                source = output.begin(config, beginning, source)
        self._source = source
        self.dispatcher = Dispatcher(
            Outbox(self._stats),
            build_composer(config, beginning),
            self._outputs,
            self._stats,
            on_failure=self._ended,
        )
        """What says what is known; served by an output thread of the run."""
        receiver = (
            self.dispatcher if profile is None else OwnEar(self.dispatcher, profile, name, analyzer)
        )
        self.analysis = StreamAnalysis(source, analyzer, receiver, self._stats, on_end=self._ended)
        """Its turns are taken by the analysis thread of the run."""

    def snapshot(self) -> Snapshot:
        """How things stand; may be called from any thread."""
        return replace(self.dispatcher.snapshot(), stream=self.name, stats=self._stats.snapshot())

    def begin(self, on_end: Callable[[Stream, BaseException | None], None]) -> None:
        """Take note of a run that begins.

        Parameters
        ----------
        on_end : callable
            Called by another thread when the source has ended, or with what failed; more than
            once if more than one thing fails.
        """
        self._on_end = on_end

    def release_source(self) -> None:
        """Close the source; the analysis takes no more turns."""
        self._source.close()

    def close(self) -> None:
        """Close the outputs; all that waited is sent."""
        for output in reversed(self._outputs):
            output.close()

    def _ended(self, failure: BaseException | None) -> None:
        self._on_end(self, failure)
