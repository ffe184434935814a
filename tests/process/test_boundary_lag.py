"""The lag of boundaries that the ledger declares against the table in which it was measured."""

from __future__ import annotations

import re
from pathlib import Path

from models import detectors
from oscbridge.hearing.boundary_lag import BOUNDARY_LAGS, SOURCE

README = Path(__file__).parents[2] / SOURCE
FIRST_TABLE = "**Recordings of all genres"
ROW = re.compile(r"^\| `(\w+)`.*\| ([\d.]+) \| ([\d.]+) \| [^|]* \|$", re.MULTILINE)


def test_every_rule_has_the_lag_that_was_measured() -> None:
    table = README.read_text(encoding="utf-8").partition(FIRST_TABLE)[2].partition("\n**")[0]
    measured = {name: (float(p50), float(p95)) for name, p50, p95 in ROW.findall(table)}
    assert set(BOUNDARY_LAGS) == set(detectors.names())
    assert measured == {name: tuple(lag) for name, lag in BOUNDARY_LAGS.items()}
