"""Mood and energy in the tags of the user's own files: shown first, written safely, taken back.

::

    Track ─► wishes ─► draft beside the file ─► checked ─► backup ─► replaced ─► library follows

Conventions
-----------
A *field* is what `oscbridge.library.tags.KINDS` has a key for. Only the fields of `FIELDS` are ever
written. Everything else in a file, frames of Serato and Traktor above all, stays byte for byte.
"""

from __future__ import annotations

FIELDS = ("quadrant", "energy")
"""What is written: the word for the quadrant, which tags call a mood, and the energy 1..10."""

Fields = dict[str, str]
"""What a file says, or is to say, for each of `FIELDS`; empty where it says nothing."""
