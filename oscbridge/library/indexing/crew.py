"""The processes that listen, a thread of ours for each: orders in, what became of them out.

Conventions
-----------
Whoever is free takes the next file. A process that ends in the middle of a file, because of that
file or because the system took its memory, is replaced; the file is told as trouble that may pass.
All processes end with the `Crew`, and with us, however we end: their input is then closed.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import subprocess
import threading
from typing import TYPE_CHECKING, NamedTuple

from oscbridge.errors import LibraryError
from oscbridge.library.indexing.process import MODULE
from oscbridge.library.indexing.records import SAID, Done, receive, send
from oscbridge.library.rows import UNSEEN
from oscbridge.own_process import module_arguments, open_child

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from oscbridge.library.indexing.records import Begin, FromWorker, Order, Pipe

MOST_DEATHS = 3
"""Processes of one thread that may end without having done a file, one after the other."""
_LEAVES_S = 2.0


class Word(NamedTuple):
    """What is said about a file."""

    order: Order
    said: FromWorker


class Crew:
    """Processes that listen; a context manager that ends them.

    Parameters
    ----------
    begin : Begin
        What they work for.
    workers : int
        How many, 1 or more.
    """

    def __init__(self, begin: Begin, workers: int) -> None:
        self._begin = begin
        self._workers = workers
        self._words: queue.Queue[Word | LibraryError | None] = queue.Queue()
        self._taking = threading.Lock()
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._ending = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def words(self, orders: Iterable[Order]) -> Iterator[Word]:
        """Carry out orders; yield what is said about them as it is said, a `Done` for each.

        Raises
        ------
        LibraryError
            No process stays alive.
        """
        waiting = iter(orders)
        threads = [
            threading.Thread(target=self._work, args=(number, waiting), daemon=True)
            for number in range(self._workers)
        ]
        for thread in threads:
            thread.start()
        working = len(threads)
        while working:
            word = self._words.get()
            if word is None:
                working -= 1
            elif isinstance(word, LibraryError):
                raise word
            else:
                yield word

    def close(self) -> None:
        """End all processes; a second call does nothing."""
        with self._taking:
            self._ending = True
            children, self._children = self._children, {}
        for child in children.values():
            _end(child)

    def _work(self, number: int, waiting: Iterator[Order]) -> None:
        """Have files listened to until there are no more."""
        deaths = 0
        try:
            while (order := self._next(waiting)) is not None:
                done = self._carry_out(number, order)
                if done is None:
                    return
                deaths = deaths + 1 if number not in self._children else 0
                if deaths >= MOST_DEATHS:
                    raise LibraryError(
                        f"the processes that listen end at once: {done.trouble}; 'oscbridge doctor'"
                        " may know why"
                    )
                self._words.put(Word(order, done))
            self._words.put(None)
        except LibraryError as error:
            self._words.put(error)

    def _next(self, waiting: Iterator[Order]) -> Order | None:
        with self._taking:
            return None if self._ending else next(waiting, None)

    def _carry_out(self, number: int, order: Order) -> Done | None:
        """Have a file listened to; None where all of this is to end."""
        child = self._child(number)
        if child is None:
            return None
        orders, said = _pipes(child)
        try:
            send(orders, order)
            while (word := receive(said, SAID)) is not None:
                if isinstance(word, Done):
                    return word
                self._words.put(Word(order, word))
        except (OSError, ValueError):  # it ended, or its pipes were closed by `close`
            pass
        with self._taking:
            if self._ending:
                return None
            del self._children[number]
        return Done(order.path, UNSEEN, UNSEEN, trouble=_how_it_ended(child))

    def _child(self, number: int) -> subprocess.Popen[bytes] | None:
        """The process of a thread, started if there is none."""
        with self._taking:
            if self._ending:
                return None
            if number not in self._children:
                self._children[number] = open_child(module_arguments(MODULE))
                with contextlib.suppress(OSError):  # one that ended at once is found out soon
                    send(_pipes(self._children[number])[0], self._begin)
            return self._children[number]


def _pipes(child: subprocess.Popen[bytes]) -> tuple[Pipe, Pipe]:
    """What a process reads and what it says."""
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout


def _how_it_ended(child: subprocess.Popen[bytes]) -> str:
    """Why a file was not done, after its process has ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_LEAVES_S)
    _end(child)
    status = child.returncode
    how = signal.Signals(-status).name if status < 0 else f"status {status}"
    return f"the process that listened to it ended ({how})"


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a process that is still there, and close its pipes."""
    if child.poll() is None:
        child.kill()
    child.wait()
    for pipe in _pipes(child):
        pipe.close()
