"""Codes and tokens, with a clock of our own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from oscbridge.dashboard.pairing import PAUSE_S, TOKEN_S, TRIES, Pairing
from oscbridge.dashboard.signing import signing_key


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


def wrong(pairing: Pairing) -> str:
    """A code that is not the right one."""
    return f"{(int(pairing.code) + 1) % 1_000_000:06}"


def test_a_code_opens_once() -> None:
    pairing = Pairing(b"key")
    code = pairing.code
    assert len(code) == 6
    token = pairing.pair(f"{code[:3]} {code[3:]}")
    assert token is not None
    assert pairing.knows(token)
    assert pairing.code != code
    assert pairing.pair(code) is None


def test_after_too_many_wrong_codes_nobody_is_heard_for_a_while_and_the_code_is_another() -> None:
    clock = Clock()
    pairing = Pairing(b"key", clock)
    first = pairing.code
    for _ in range(TRIES):
        assert pairing.pair(wrong(pairing)) is None
    assert pairing.code != first
    assert pairing.pause_s == PAUSE_S
    assert pairing.pair(pairing.code) is None
    clock.now_s += PAUSE_S
    assert pairing.pair(pairing.code) is not None


def test_a_token_is_good_for_half_a_day_also_in_another_run() -> None:
    clock = Clock()
    pairing = Pairing(b"key", clock)
    token = pairing.pair(pairing.code)
    assert token is not None
    assert Pairing(b"key", clock).knows(token)
    assert not Pairing(b"another key", clock).knows(token)
    clock.now_s += TOKEN_S + 1
    assert not pairing.knows(token)


@pytest.mark.parametrize("token", ["", ".", "9999999999.", "9999999999.00", "x.y", "1.2.3", "é.é"])
def test_what_is_no_token_of_ours_is_not_known(token: str) -> None:
    assert not Pairing(b"key").knows(token)


def test_the_key_is_kept_for_its_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    key = signing_key()
    assert len(key) == 32
    assert signing_key() == key
    (kept,) = tmp_path.rglob("dashboard.key")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_bytes(b"cut")
    assert signing_key() not in (b"cut", key)
