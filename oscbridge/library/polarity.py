"""Matching by polarity: the rule of Jiang et al. (2023), who tell positive from negative music.

Conventions
-----------
Pleasure, arousal and dominance of a track become labels -1, 0, 1: beyond a third of the axis it is
one or the other. The paper does not say which music is matched with which listener; here music of
the polarity that is aimed at is. Polarity comes from the labels in two ways:

- ``strict``: the paper's table 2, as printed. It leaves out 15 of 27 labels, anger among them; such
  tracks are never matched. Where dominance is not known, what the table asks of it is not asked.
- else every label has one: the sign of pleasure, or where that is 0, of the product of the others
  (`models.zoo.pad_rules.polarity`).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from models.zoo.pad_rules import polarity, strict_table2

if TYPE_CHECKING:
    from oscbridge.library.columns import Columns

THIRD = 1.0 / 3.0
LABELS = (-1, 0, 1)
_UNKNOWN = 3
"""Place of a dominance that is not known, beside those of the labels."""
_SIGNS = {"positive": 1, "negative": -1, "neutral": 0, "undefined": 0}


def _table(*, strict: bool) -> np.ndarray:
    """Polarity by places of the labels of P, A and D, shape=(3, 3, 4), int8."""
    rule = strict_table2 if strict else polarity
    table = np.zeros((3, 3, 4), np.int8)
    for p, a, d in product(LABELS, LABELS, LABELS):
        table[p + 1, a + 1, d + 1] = _SIGNS[rule(p, a, d)]
    by_any = [_SIGNS["positive"], _SIGNS["negative"]]
    for p, a in product(range(3), range(3)):
        cells = table[p, a, :3]
        found = [sign for sign in by_any if sign in cells] if strict else [int(cells[1])]
        table[p, a, _UNKNOWN] = found[0] if len(found) == 1 else 0
    return table


_TABLES = {strict: _table(strict=strict) for strict in (True, False)}


def _places(values: np.ndarray) -> np.ndarray:
    """Labels as places 0, 1, 2 of a table, `_UNKNOWN` where a value is NaN."""
    places = 1 + (values > THIRD).astype(int) - (values < -THIRD).astype(int)
    return np.where(np.isnan(values), _UNKNOWN, places)


def polarity_of(columns: Columns, *, strict: bool) -> np.ndarray:
    """Polarity of every track, shape=(n,), int8: 1, -1, and 0 where there is none."""
    places = (_places(axis) for axis in (columns.valence, columns.arousal, columns.dominance))
    return _TABLES[strict][tuple(places)]


def agreeing(columns: Columns, valence: float, *, strict: bool) -> np.ndarray:
    """Which tracks have the polarity of an aim, shape=(n,), bool; all where that is neutral."""
    if not valence:
        return np.ones(len(columns), bool)
    return polarity_of(columns, strict=strict) == np.sign(valence)
