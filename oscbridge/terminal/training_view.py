"""What people see while a model learns: a bar with the time left, and a line for each epoch.

Conventions
-----------
Everything goes to standard error; the bar is there only where that is a terminal. The lines are
the same with and without it, so that a log tells the whole story.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from models.learning_report import Begun, Epoch, LeftOut, Step
from oscbridge.labels import Labels
from oscbridge.readable import minutes, printable

if TYPE_CHECKING:
    from rich.progress import TaskID

    from models.learning_report import AnyMessage

REFRESH_HZ = 8
_PHASES = {"check": "checking the files", "listen": "listening", "learn": "learning"}


class TrainingView:
    """Shows the messages of a training; to be used as a context."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            transient=True,
            refresh_per_second=REFRESH_HZ,
            redirect_stdout=False,
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}
        self._epochs = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, message: AnyMessage) -> None:
        """Show one message; those that end a training are the caller's affair."""
        if isinstance(message, Step):
            self._step(message)
        elif isinstance(message, Begun):
            self._begin(message)
        elif isinstance(message, Epoch):
            mark = "  best so far" if message.best == message.number else ""
            self._line(
                f"epoch {message.number:>2}   loss {message.loss:.3f}   "
                f"quadrants right {message.accuracy:.0%} of held-out files{mark}"
            )
        elif isinstance(message, LeftOut):
            print_bad_files(self._console, message.bad, f"left out {len(message.bad)} bad files:")

    def _step(self, step: Step) -> None:
        """Move the bar of a phase; a phase that begins puts the one before away."""
        text = _PHASES[step.phase]
        done, of = step.done, step.of
        if step.phase == "learn":
            text = f"{text}, epoch {step.epoch} of at most {self._epochs}"
            done, of = (step.epoch - 1) * step.of + step.done, self._epochs * step.of
        if step.phase not in self._tasks:
            for task in self._tasks.values():
                self._bar.remove_task(task)
            self._tasks = {step.phase: self._bar.add_task(text, total=of)}
        self._bar.update(self._tasks[step.phase], completed=done, total=of, description=text)

    def _begin(self, begun: Begun) -> None:
        self._epochs = begun.epochs
        labels = Labels()
        counts = ", ".join(
            f"{count} {labels.of(quadrant)}" for quadrant, count in enumerate(begun.quadrants, 1)
        )
        self._line(
            f"{begun.files} files ({counts}), {minutes(begun.seconds).split('.')[0]} of sound, "
            f"{begun.groups} groups"
        )
        if begun.epoch:
            self._line(f"going on after epoch {begun.epoch}")

    def _line(self, text: str) -> None:
        self._console.print(printable(text), markup=False, soft_wrap=True)


def print_bad_files(console: Console, bad: list[tuple[str, str]], head: str) -> None:
    """Print files and what is wrong with each, one a line."""
    console.print(head, markup=False)
    for name, reason in bad:
        line = f"  {printable(name)}: {printable(reason)}"
        console.print(line, markup=False, soft_wrap=True)
