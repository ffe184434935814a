"""From the blend shapes of a face to valence and arousal, by way of its muscles.

Conventions
-----------
Weights are 0 (neutral) to 1 (as far as it goes). ARKit's 52 shapes are put together to action units
of the Facial Action Coding System (`SHAPES`; the mean of both sides, so that half a smile is half
of one). Each action unit moves valence and arousal by a fixed amount (`MOVES`), and the sum is
bounded.

Sources of the numbers
----------------------
`SHAPES`: names of Apple's ARFaceAnchor.BlendShapeLocation, what each moves, and the muscle that
does so in P. Ekman, W. V. Friesen, J. C. Hager, "Facial Action Coding System", 2002.

`MOVES` are the smallest numbers (least squares, minimum norm) for which each expression lies, at
its full strength, where its word lies in `oscbridge.inbound.words` (Russell's circumplex, radius
0.8). The expressions are the prototypes of the FACS Investigator's Guide: happiness 6 + 12, sadness
1 + 4 + 15, surprise 1 + 2 + 5 + 26, fear 1 + 2 + 4 + 5 + 7 + 20 + 26, anger 4 + 5 + 7 + 23, disgust
9 + 15 + 17; and closed eyes (43), tired.

Limits
------
The table is derived, not learned from faces. People who feel something show its prototype less
often than not: meta-analyses find a correlation of .30 between what is felt and what is shown (J.
I. Durán, J.-M. Fernández-Dols, Emotion 21(7), 2021). A mouth that speaks is open, too.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SHAPES: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("browInnerUp",),
        2: ("browOuterUpLeft", "browOuterUpRight"),
        4: ("browDownLeft", "browDownRight"),
        5: ("eyeWideLeft", "eyeWideRight"),
        6: ("cheekSquintLeft", "cheekSquintRight"),
        7: ("eyeSquintLeft", "eyeSquintRight"),
        9: ("noseSneerLeft", "noseSneerRight"),
        12: ("mouthSmileLeft", "mouthSmileRight"),
        15: ("mouthFrownLeft", "mouthFrownRight"),
        17: ("mouthShrugLower",),
        20: ("mouthStretchLeft", "mouthStretchRight"),
        23: ("mouthPressLeft", "mouthPressRight"),
        26: ("jawOpen",),
        43: ("eyeBlinkLeft", "eyeBlinkRight"),
    }
)
"""Action units and the shapes that show them."""

MOVES: Mapping[int, tuple[float, float]] = MappingProxyType(
    {
        1: (-0.07, -0.11),
        2: (0.07, 0.20),
        4: (-0.27, -0.15),
        5: (0.14, 0.48),
        6: (0.39, 0.10),
        7: (-0.13, 0.17),
        9: (-0.21, 0.17),
        12: (0.39, 0.10),
        15: (-0.35, -0.14),
        17: (-0.21, 0.17),
        20: (-0.20, -0.10),
        23: (0.07, 0.27),
        26: (0.07, 0.20),
        43: (0.00, -0.80),
    }
)
"""What each moves: valence, arousal."""

ARKIT = (
    *("browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    *("cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight"),
    *("eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight"),
    *("eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight"),
    *("eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft"),
    *("jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight"),
    *("mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft"),
    *("mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight"),
    *("mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper"),
    *("mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight"),
    *("mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight", "tongueOut"),
)
"""Names of all of ARKit's shapes."""


def action_units(weights: Mapping[str, float]) -> dict[int, float]:
    """Strength of each action unit, 0..1, of which a shape is known.

    Parameters
    ----------
    weights : mapping of str to float
        Shapes by their ARKit names; where one side alone is known, it stands for both.
    """
    units: dict[int, float] = {}
    for unit, shapes in SHAPES.items():
        known = [weights[shape] for shape in shapes if shape in weights]
        if known:
            units[unit] = sum(known) / len(known)
    return units


def point_of(units: Mapping[int, float]) -> tuple[float, float]:
    """Valence and arousal of action units, each -1..1."""
    valence = sum(MOVES[unit][0] * strength for unit, strength in units.items())
    arousal = sum(MOVES[unit][1] * strength for unit, strength in units.items())
    return min(max(valence, -1.0), 1.0), min(max(arousal, -1.0), 1.0)
