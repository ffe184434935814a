"""What cannot be taught, in a sentence for who tried."""

from __future__ import annotations

import msgspec

from oscbridge.labels.quadrants import Label


class RefusedError(ValueError):
    """A lesson that cannot be given; says why."""


def checked_label(name: str) -> str:
    """A name as a label may be called. Raises `RefusedError` where none may."""
    try:
        name.encode()  # a terminal of another encoding gives what no UTF-8 file can hold
        return msgspec.convert(name.strip(), Label)
    except UnicodeEncodeError:
        raise RefusedError("a label is text in UTF-8") from None
    except msgspec.ValidationError:
        raise RefusedError("a label is 1 to 64 characters on one line") from None
