"""Heart rates from a web service: JSON over WebSocket, as Pulsoid sends them.

Conventions
-----------
A message is JSON with the rate under one of `KEYS`, at the top or in ``data`` or ``payload``, or
the number alone as text. The link is `oscbridge.wire.web_feed`.

References
----------
docs.pulsoid.net, "Read Heart Rate via WebSocket".
"""

from __future__ import annotations

import json
import math

KEYS = ("heart_rate", "heartRate", "hr", "bpm")
PLACES = ("data", "payload")


def rate_of(message: str | bytes) -> float | None:
    """Beats a minute in a message of a service; None where it tells of something else."""
    try:
        said = json.loads(message)
    except ValueError:
        return None
    found = _number(said)
    if found is None and isinstance(said, dict):
        inner = [said[place] for place in PLACES if isinstance(said.get(place), dict)]
        for table in (said, *inner):
            found = next((n for key in KEYS if (n := _number(table.get(key))) is not None), found)
    return found


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
