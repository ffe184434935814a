"""A MIDI system for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.midi.folder import System


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> System:
    """Give a MIDI system with no port in it, which what is started by the test has too."""
    monkeypatch.setenv("MIDO_BACKEND", "tests.midi.fake_system")
    monkeypatch.setenv("FAKE_MIDI", str(tmp_path))
    found = System(tmp_path)
    found.plug()
    return found
