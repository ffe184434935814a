"""Fixtures of the tests of the process."""

from __future__ import annotations

import pytest

from tests.process.composed import Run


@pytest.fixture
def run() -> Run:
    """Give a composer with its clock."""
    return Run()
