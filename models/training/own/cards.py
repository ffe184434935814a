"""The card of a model that a user trained: her data, her licence, and what it began from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dsp.features import FeatureSettings, build_layout
from models import catalogue
from models.cards import Data, build_card, training_cost
from models.frontend import FRONT_END
from models.training.own.listening import VERSIONS
from models.training.rows import PoolReader

if TYPE_CHECKING:
    from pathlib import Path

    from models.training.recurrent import Recipe
    from models.weights import Weights

HEADLINES = ("quadrant accuracy", "arousal accuracy", "valence accuracy")


def build_own_card(
    data: Path,
    figures: dict[str, Any],
    weights: Weights | None,
    recipe: Recipe,
    epoch: int,
    seconds: float,
) -> dict[str, Any]:
    """Build the card.

    Parameters
    ----------
    data : Path
        The labelled folder; only its name is told.
    figures : dict
        Held-out figures.
    weights : Weights or None
        Where it began.
    recipe : Recipe
        How it learned.
    epoch : int
        Whose weights these are.
    seconds : float
        How long it learned.
    """
    reader = PoolReader()
    own = Data(
        name=f"your folder {data.resolve().name!r}",
        clips=figures["n"],
        licence="trained on your data: its licence is yours to know",
        non_commercial=False,
    )
    shipped = catalogue.find(weights.name).facts if weights else None
    licence = "Trained on your data: the licence is yours."
    short = "yours"
    if weights:
        licence += f" It began from the model {weights.name!r}, whose terms stay: "
        licence += str(weights.card.get("licence", "see its card"))
        short += f" + {shipped.licence_short}" if shipped else f" + {weights.name}'s"
    return build_card(
        model="music",
        task="expressed valence and arousal of music, as you label it",
        answers_every_s=round(reader.pooling.delay / reader.extractor.layout.sample_rate, 4),
        data=[own, *(shipped.data if shipped else ())],
        licence=licence,
        licence_short=short,
        intended_use="Your own projects, with music like that which it learned from.",
        limits=_limits(figures, weights),
        figures=figures,
        training=training_cost(seconds, cores=1),
        layout=build_layout(FeatureSettings()).digest,
        front_end=FRONT_END,
        recipe={**asdict(recipe), "epochs": epoch, "versions": VERSIONS},
        began_from=f"{weights.name} {weights.digest}" if weights else "scratch",
    )


def headlines(figures: dict[str, Any]) -> dict[str, str]:
    """What is told at the end of a training, by name."""
    told = {name: str(figures[name]["model"]) for name in HEADLINES}
    before = figures["quadrant accuracy"].get("where it began")
    return told | ({"quadrant accuracy before": str(before)} if before else {})


def _limits(figures: dict[str, Any], weights: Weights | None) -> list[str]:
    """What the user must keep in mind."""
    limits = [
        f"It was examined on {figures['n']} files of {figures['groups']} groups: the figures hold "
        "for music like that, labelled by the same people.",
        "Where files of one artist or album were not given a group, the figures flatter it.",
        "Quadrants count alike, however many files they had.",
    ]
    if weights:
        limits.append(f"The limits of the model {weights.name!r}, from which it began, hold too.")
    return limits
