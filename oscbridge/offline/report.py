"""What ``oscbridge analyze`` prints for programs, and the contract of all its reports.

Conventions
-----------
A report is fed the records of `oscbridge.offline.records` in order (`add`), is told when a file
ends (`end_file`, with or without a summary), and ends with `finish`. It keeps the records of one
file at most, and of earlier files only their summaries. For people there is
`oscbridge.offline.table_report`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from oscbridge.offline.records import Record


class Report(Protocol):
    """Takes records, prints them somehow."""

    def add(self, record: Record) -> None:
        """Take the next record."""
        ...

    def end_file(self) -> None:
        """Print what is left to print about the file; without a summary it was of no use."""
        ...

    def finish(self) -> None:
        """Print what is left to print."""
        ...


class JsonReport:
    """One JSON object a line, plain ASCII, in the order of the records."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, record: Record) -> None:
        """Print ``record``."""
        line = json.dumps(record, allow_nan=False)
        self._stream.write(line + "\n")

    def end_file(self) -> None:
        """Let readers have the whole file."""
        self._stream.flush()

    def finish(self) -> None:
        """Print nothing: the last summary was the end."""
        self._stream.flush()
