"""Questions to somebody at the terminal: a line, one of several, yes or no.

Conventions
-----------
What stands in brackets is taken where the answer is an empty line. Questions go to standard output,
answers come from standard input; where that ends, nobody is there any more, which is an error.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence


def ask(question: str, kept: str) -> str:
    """Ask for a line; an empty one keeps what is there.

    Raises
    ------
    SettingsError
        Nobody answers any more.
    """
    print(f"{question} [{kept}]: ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise SettingsError("nobody answers: nothing was saved.")
    return line.strip() or kept


def agrees(question: str) -> bool:
    """Ask for yes (the default) or no."""
    return ask(f"{question} yes or no", "yes").casefold() in ("yes", "y")


def choose(question: str, choices: Sequence[str], first: int) -> int:
    """Ask for one of ``choices`` by its number or the beginning of its words; return its place."""
    print(f"\n{question}")
    for number, words in enumerate(choices, start=1):
        print(f"  {number:2} {words}")
    while True:
        answer = ask("number or name", str(first + 1))
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return int(answer) - 1
        fits = [place for place, words in enumerate(choices) if _begins(words, answer)]
        exact = [place for place in fits if choices[place].split()[0] == answer]
        if len(exact or fits) == 1:
            return (exact or fits)[0]
        print(f"{answer!r} is {'several' if fits else 'none'} of these.")


def _begins(words: str, answer: str) -> bool:
    return words.casefold().startswith(answer.casefold())
