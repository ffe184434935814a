"""Programs with a small vocabulary of their own: /mood, /emotion, Sonic Pi's buffer.

Read from reneweller-coding/KaleidoscopeEnhanced (docs/mood-and-mapping.md) and from what presets
say of themselves.
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

RANGES = {
    "/mood/valence": ("f", 0.0, 1.0),
    "/mood/arousal": ("f", 0.0, 1.0),
    "/mood/quadrant": ("s", 0.0, 0.0),
    "/music/presence": ("f", 0.0, 1.0),
    "/audio/level": ("f", 0.0, 1.0),
    "/audio/onset": ("f", 0.0, 1.0),
    "/tempo/bpm": ("f", 0.0, 400.0),
    "/beat": ("f", 0.0, 1.0),
    "/emotion/valence": ("f", -1.0, 1.0),
    "/emotion/arousal": ("f", -1.0, 1.0),
    "/emotion/word": ("s", 0.0, 0.0),
    "/oscbridge/va": ("ff", -1.0, 1.0),
    "/oscbridge/intensity": ("f", 0.0, 1.0),
    "/oscbridge/quadrant/enter": ("isf", 0.0, 4.0),
    "/oscbridge/segment/boundary": ("iif", 0.0, 1e9),
    "/oscbridge/request/fade": ("f", 0.0, 1024.0),
    "/oscbridge/request/go": ("issf", 0.0, 1e9),
}


class Host:
    """Knows these addresses, their types and ranges, and nothing else."""

    reply_port = None

    def __init__(self) -> None:
        self.words: list[str] = []

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Check a message."""
        del now_s
        assert told.address in RANGES, f"nobody knows {told}"
        types, low, high = RANGES[told.address]
        told.expect(types)
        for place, kind in enumerate(types):
            if kind != "s":
                told.number(place, low, high)
        self.words += [value for value in told.args if isinstance(value, str)]
        return []

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
