"""Short names of labels in ASCII, which may stand in an address.

Conventions
-----------
A slug is 1 to `LONGEST` of ``a-z 0-9 _``, never digits alone: those are numbers of quadrants. It is
made of the label once, when the label is defined, and stays when the label is called otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from oscbridge.readable import ascii_of

if TYPE_CHECKING:
    from collections.abc import Container

LONGEST = 32
PATTERN = r"^(?=.*[a-z_])[a-z0-9_]{1,32}\Z"
"""Of a slug, for who reads one."""
_WITHOUT_LETTERS = "label"


def slug_of(name: str, taken: Container[str] = ()) -> str:
    """Make a slug of a label that none of ``taken`` is: ``Tränen`` becomes ``tranen``."""
    plain = re.sub(r"[^a-z0-9]+", "_", ascii_of(name, "").casefold()).strip("_")
    if not plain or plain.isdecimal():
        plain = f"{_WITHOUT_LETTERS}_{plain}".rstrip("_")
    slug, number = plain[:LONGEST], 2
    while slug in taken:
        ending = f"_{number}"
        slug, number = plain[: LONGEST - len(ending)] + ending, number + 1
    return slug
