"""Dominance labels for clips that have mood words and no ratings of dominance.

Conventions
-----------
The 4Q dataset gives each clip a few of AllMusic's mood adjectives. Dominance (A. Mehrabian: being
in control against being at the mercy of things) is 1 where more of them speak of control, strength
or attack than of yielding, suffering or holding back, -1 where fewer do, 0 otherwise. Which words
say which is *our* reading, listed here: weak labels, not ratings. They follow arousal closely,
because the words do; figures against them say how well the rule is learned, not how well listeners'
dominance is.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DOMINANT = _words(
    """aggressive angry belligerent boisterous brash brassy bravado confident confrontational
    epic exciting explosive fierce fiery gutsy harsh hostile intense majestic malevolent marching
    menacing mighty outraged outrageous powerful provocative rambunctious raucous rebellious
    reckless rousing rowdy snide stately street-smart striding strong swaggering threatening
    thuggish uncompromising"""
)
SUBMISSIVE = _words(
    """anguished angst-ridden anxious bittersweet bleak brittle delicate distraught fractured
    gentle gloomy innocent insular intimate jittery lonely melancholy naive nervous nostalgic
    paranoid plaintive poignant precious quiet regretful reserved restrained sad searching
    self-conscious sentimental soft somber suffocating tragic weary wistful yearning"""
)


def label(moods: str) -> int:
    """Dominance of mood words that are separated by semicolons: -1, 0 or 1."""
    words = {word.strip().casefold() for word in moods.split(";")}
    return int(np.sign(len(words & DOMINANT) - len(words & SUBMISSIVE)))


def load_dominance(panda: Path) -> np.ndarray:
    """Label of every clip of the 4Q dataset in the order of its label file, shape=(n,), int."""
    with (panda / "labels.csv").open(newline="", encoding="utf-8") as stream:
        return np.asarray([label(row["moods"]) for row in csv.DictReader(stream)])
