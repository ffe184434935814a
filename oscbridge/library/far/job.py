"""The index of a catalogue: what is new is listened to on a cluster and added to a dataset.

Conventions
-----------
Four rounds, each after the one before:

1. files whose size others have too are hashed; of each content that is new, the first is chosen
2. chosen files and those of a size of their own are listened to, a partition a task
3. partitions over which workers died or failed are listened to once more, one file at a time and
   nothing beside it: a file that brings its worker down even then is unreadable
4. files with the content of a track are noted as its copies

Run again with nothing changed, nothing is done. A cluster that loses workers does their tasks
again; results come once, and only the coordinator writes them (`oscbridge.library.far.ledger`).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from oscbridge.library.far import cluster
from oscbridge.library.far.catalogue import UNKNOWN_SIZE, partitions
from oscbridge.library.far.cost import Cost
from oscbridge.library.far.ledger import Ledger, Tally
from oscbridge.library.far.listening import Examined, hash_all, listen_to_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from oscbridge.library.far.catalogue import Entry
    from oscbridge.library.far.dataset import Dataset
    from oscbridge.library.far.listening import Ear

MOST_FILES = 16
"""Files of a partition at most."""
MOST_BYTES = 256 << 20
"""Bytes of a partition at most, a single file apart."""
TASKS_A_THREAD = 8
"""A small catalogue is divided into so many partitions for each thread, that none stands idle."""


class Job:
    """An index of a catalogue.

    Parameters
    ----------
    client : distributed.Client
    dataset : Dataset
    ear : Ear
        How workers listen.
    model : str
        ``name@digest`` of the model that they listen with.
    again : bool
        Listen once more to what was unreadable.
    watch : callable
        Is told what is being done, how many files of it are done, and of how many.
    """

    def __init__(
        self,
        client: Any,
        dataset: Dataset,
        ear: Ear,
        model: str,
        *,
        again: bool = False,
        watch: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
    ) -> None:
        self._client = client
        self._dataset = dataset
        self._ear = ear
        self._known = dataset.known()
        self._ledger = Ledger(dataset, self._known, model)
        self._again = again
        self._watch = watch
        self._elapsed_s = 0.0
        self._cores = 1

    def run(self, catalogue: Iterable[Entry]) -> Tally:
        """Listen to what is new; return what became of all files.

        Raises
        ------
        DeviceError
            The cluster is gone; what was heard is kept.
        LibraryError
            The dataset cannot be written.
        SettingsError
            Workers are of different versions.
        """
        known = self._known.files - (self._known.unreadable if self._again else set())
        new: list[Entry] = []
        tally = self._ledger.tally
        for entry in catalogue:
            if entry in known:
                tally.unchanged += 1
            else:
                new.append(entry)
        try:
            alone, alike = self._divided(new)
            chosen, copies = self._chosen(alike)
            began_s = time.monotonic()
            self._listen([*alone, *chosen])
            self._elapsed_s = time.monotonic() - began_s
            for digest, others in copies.items():
                for entry in others:
                    self._ledger.take_copy(entry, digest)
        finally:
            self._ledger.write()
        return tally

    @property
    def cost(self) -> Cost:
        """What listening cost."""
        tally = self._ledger.tally
        return Cost(
            tally.tracks,
            self._elapsed_s,
            self._cores,
            tally.worked_s,
            tally.music_s,
            tally.read_bytes,
            self._dataset.size_bytes,
        )

    def _divided(self, new: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Files of a size of their own, and those that may be the same as others."""
        sizes = Counter(entry.size for entry in new)
        sizes.update(self._known.sizes)
        sizes[UNKNOWN_SIZE] += 2
        alone = [entry for entry in new if sizes[entry.size] == 1]
        return alone, [entry for entry in new if sizes[entry.size] > 1]

    def _chosen(self, alike: Sequence[Entry]) -> tuple[list[Entry], dict[str, list[Entry]]]:
        """One file of each new content, and the others by their content."""
        contents: defaultdict[str, list[Entry]] = defaultdict(list)
        for examined in self._examined("hashing", alike, hash_all):
            if examined.trouble:
                self._ledger.take(examined)
            else:
                contents[examined.digest].append(examined.entry)
        chosen: list[Entry] = []
        copies: dict[str, list[Entry]] = {}
        for digest, found in contents.items():
            found.sort()
            if not self._ledger.has(digest):
                chosen.append(found.pop(0))
            copies[digest] = found
        return sorted(chosen), copies

    def _listen(self, those: Sequence[Entry]) -> None:
        for examined in self._examined("listening", those, listen_to_all, self._ear):
            self._ledger.take(examined)

    def _examined(
        self,
        what: str,
        those: Sequence[Entry],
        task: Callable[..., list[Examined]],
        *shared: Any,
    ) -> Iterator[Examined]:
        """Yield what becomes of files; those that bring workers down are tried alone in the end."""
        done = 0
        suspects: list[Entry] = []
        self._cores = max(cluster.threads(self._client), 1)
        count = len(those) // (TASKS_A_THREAD * self._cores)
        divided = partitions(those, min(max(count, 1), MOST_FILES), MOST_BYTES)
        self._watch(what, 0, len(those))
        for partition, outcome in cluster.each(self._client, task, divided, *shared):
            if isinstance(outcome, cluster.FailedError):
                suspects += partition
                continue
            yield from outcome
            done += len(partition)
            self._watch(what, done, len(those))
        singles = partitions(suspects, 1, MOST_BYTES)
        for partition, outcome in cluster.each(self._client, task, singles, *shared, window=1):
            if isinstance(outcome, cluster.FailedError):
                killed = isinstance(outcome, cluster.KilledError)
                yield Examined(partition[0], trouble=str(outcome), passing=not killed)
            else:
                yield from outcome
            done += 1
            self._watch(what, done, len(those))
