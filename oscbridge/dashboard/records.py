"""What travels between a run and the process that serves its page: lines of JSON, both ways.

Conventions
-----------
The first line that the server reads is `Serve`; it answers with `Opened` or `Refused`. After that
it reads `ToPages` and tells `FromPages`. The end of its input means "stop". Streams go by their
names, a single one by the empty name. Quantities are those of `oscbridge.protocol` and
`oscbridge.snapshot`; times of the ledger are milliseconds.
"""

from __future__ import annotations

from typing import Any

import msgspec

from oscbridge.wire.arguments import Value  # noqa: TC001 - msgspec reads the annotations


class Serve(msgspec.Struct, frozen=True, tag=True):
    """Serve the page there.

    ``lan``: other machines may come, those of ``allow`` (empty: all) with the code, and those that
    had it before show a token signed with ``key``. Over https where there is a ``certificate``, a
    file, whose key is in ``certificate_key`` if not in itself.
    """

    host: str
    port: int
    lan: bool = False
    allow: tuple[str, ...] = ()
    key: bytes = b""
    certificate: str = ""
    certificate_key: str = ""


class About(msgspec.Struct, frozen=True):
    """What a page has to know of a stream before anything is heard.

    Attributes
    ----------
    title : str
        What is listened to.
    labels : tuple of str
        Words of quadrants 0..4.
    settings : dict of str to float
        What can be turned, as it is now.
    ledger : tuple of (stage, owner, ms)
        Shares of the latency.
    host : str
        What is known of the share of the program that listens.
    """

    title: str = ""
    labels: tuple[str, ...] = ("", "", "", "", "")
    settings: dict[str, float] = {}
    ledger: tuple[tuple[str, str, float], ...] = ()
    host: str = ""


class Introduce(msgspec.Struct, frozen=True, tag=True):
    """Who runs, and one of its streams."""

    stream: str
    about: About
    version: str
    session: str


class Values(msgspec.Struct, frozen=True, tag=True):
    """Signals by name, each with its arguments."""

    stream: str
    said: tuple[tuple[str, tuple[Value, ...]], ...]


class Turned(msgspec.Struct, frozen=True, tag=True):
    """Somebody has turned something: a command of `oscbridge.orders`, by its name."""

    stream: str
    command: str
    fields: dict[str, Any]


class Column(msgspec.Struct, frozen=True, tag=True):
    """The newest column of the spectrogram; a byte a band, lowest first."""

    stream: str
    bands: bytes


class OutputHealth(msgspec.Struct, frozen=True):
    """How an output is doing."""

    name: str
    sent: int
    errors: int
    detail: str


class Health(msgspec.Struct, frozen=True, tag=True):
    """How a stream is doing, once a second.

    ``reaction_ms`` has percentiles 50, 99, 99.9 and the longest, from sound to packet; ``traffic``
    counts what came in, ``trouble`` says what was wrong with it.
    """

    stream: str
    elapsed_s: float
    stats: dict[str, int]
    reaction_ms: tuple[float, ...]
    outputs: tuple[OutputHealth, ...]
    traffic: dict[str, int] = {}
    trouble: str = ""


class Answer(msgspec.Struct, frozen=True, tag=True):
    """What became of what a page said: done, or the reason why not."""

    page: int
    number: int
    reason: str = ""


class Lent(msgspec.Struct, frozen=True, tag=True):
    """Which page lends its camera, 0 where none does, and what is wrong with it."""

    page: int
    detail: str = ""


ToPages = Introduce | Values | Turned | Column | Health | Answer | Lent


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The page is served at ``port``."""

    port: int


class Refused(msgspec.Struct, frozen=True, tag=True):
    """It cannot be served: a sentence for people; ``package`` is not installed."""

    detail: str
    package: str = ""


class Code(msgspec.Struct, frozen=True, tag=True):
    """From now on a new machine needs this code; ``paired`` is one that has just used the last."""

    code: str
    paired: str = ""


class Said(msgspec.Struct, frozen=True, tag=True):
    """A page says something: an inlet by its name, and arguments."""

    page: int
    number: int
    stream: str
    name: str
    args: tuple[Value, ...]


class Lend(msgspec.Struct, frozen=True, tag=True):
    """A page lends its camera from now on, or, where not ``on``, takes it back."""

    page: int
    number: int = 0
    on: bool = False


class Look(msgspec.Struct, frozen=True, tag=True):
    """A picture of the camera that a page lends, JPEG."""

    page: int
    jpeg: bytes


FromPages = Opened | Refused | Code | Said | Lend | Look
