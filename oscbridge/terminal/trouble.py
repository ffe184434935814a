"""What is wrong while it runs, in words: counters of `Stats`, complaints of outputs and sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.readable import printable

if TYPE_CHECKING:
    from oscbridge.snapshot import Snapshot

TROUBLE = {
    "overflows": "samples lost here",
    "device_overflows": "lost by the device",
    "reconnects": "reconnects",
    "nonfinite": "broken samples",
    "dropped_events": "events dropped",
    "send_errors": "packets refused",
}


def trouble(now: Snapshot) -> list[tuple[str, int]]:
    """Counters of trouble that are not zero, in words.

    Refused packets are left out while an output says itself what is wrong.
    """
    explained = {"send_errors"} if output_trouble(now) else set[str]()
    return [
        (words, now.stats[key])
        for key, words in TROUBLE.items()
        if now.stats.get(key) and key not in explained
    ]


def sensor_trouble(now: Snapshot) -> list[str]:
    """What is wrong with those who tell how the player feels, in their own words."""
    return [printable(detail) for detail in now.sensors]


def output_trouble(now: Snapshot) -> list[str]:
    """What is wrong with outputs, in their own words."""
    return [printable(output.detail) for output in now.outputs if output.detail]
