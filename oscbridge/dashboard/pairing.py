"""Who may use the page: this machine, and others that were shown the code on our screen.

Conventions
-----------
A code is six digits and opens once: then there is another one. After `TRIES` wrong ones there is
another one too, and nobody is heard for `PAUSE_S`. Whoever had it gets a token, good for `TOKEN_S`:
a number of seconds since the epoch and its signature (HMAC-SHA256 with the key of this user), so
that a phone is known again when the run is started anew in the middle of a show.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DIGITS = 6
TRIES = 5
PAUSE_S = 30.0
TOKEN_S = 12 * 3600.0


class Pairing:
    """Codes and tokens of a run.

    Parameters
    ----------
    key : bytes
        Signs tokens.
    clock : callable
        Seconds since the epoch.

    Attributes
    ----------
    code : str
        What opens next.
    """

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock
        self._wrong = 0
        self._closed_until_s = 0.0
        self.code = _new_code()

    def pair(self, code: str) -> str | None:
        """A token for who has the code, which then opens no more; None where it is wrong."""
        now_s = self._clock()
        if now_s < self._closed_until_s:
            return None
        digits = "".join(filter(str.isdigit, code))
        if not hmac.compare_digest(digits.encode(), self.code.encode()):
            self._wrong += 1
            if self._wrong >= TRIES:
                self._closed_until_s = now_s + PAUSE_S
                self._renew()
            return None
        self._renew()
        until = str(int(now_s + TOKEN_S))
        return f"{until}.{self._sign(until)}"

    @property
    def pause_s(self) -> float:
        """How long nobody is heard, after too many wrong codes."""
        return max(self._closed_until_s - self._clock(), 0.0)

    def knows(self, token: str) -> bool:
        """Whether a token is one of ours and still good."""
        until, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(until).encode()):
            return False
        return self._clock() < int(until)

    def _renew(self) -> None:
        self.code, self._wrong = _new_code(), 0

    def _sign(self, until: str) -> str:
        return hmac.new(self._key, until.encode(), hashlib.sha256).hexdigest()


def _new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
