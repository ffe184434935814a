"""Model cards: what everyone who runs a model must be able to know about it.

Conventions
-----------
A card is a JSON object beside the arrays (`models.weights`). `build_card` makes one in a training
script, `write_weights` adds what ties it to the arrays (``format``, ``name``, ``sha256``,
``arrays``, ``parameters``), `read_card` decodes and checks it. `Card` lists the facts that every
card states; a model may add keys of its own (``recipe``, ``fixture``, …), which nobody else reads.

Figures are texts ``value [low, high]`` with a 95 % interval, as `models.metrics.Estimate`
prints them. A figure is one text, or one a corpus by name (the first counts most), and where others
are compared with the model on the same split, ``model`` names its own. Cards of models of affect
state at least `REQUIRED_FIGURES`.

Energy is an estimate: `CORE_W` for each processor core that was kept busy, `GPU_W` for each
accelerator, `CARBON_KG` for each kilowatt hour (the world's mean of 2023, Ember, Global Electricity
Review 2024).
"""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["affect", "face", "gate", "notes", "text", "turns"]
"""What a model says: affect of sound, of faces, whether there is music, affect of notes, of text,
turns.
"""

REQUIRED_FIGURES = ("n", "split", "interval", "quadrant accuracy")
"""What the figures of a model of affect tell at least."""
CORE_W = 15.0
"""Power of a busy processor core with its share of the machine, watt."""
GPU_W = 500.0
"""Power of a busy accelerator of a data centre, watt."""
CARBON_KG = 0.48
"""CO2 of a kilowatt hour, kg."""


class CardError(ValueError):
    """A card is no card: says which fact is missing or wrong."""


class Data(msgspec.Struct, frozen=True):
    """What a model learned from.

    Attributes
    ----------
    name : str
        Data set with its source, as one would cite it.
    clips : int
        Recordings, pieces or stretches of it that were used.
    licence : str
        Under which conditions it was given.
    non_commercial : bool
        Whether these conditions rule out commercial use.
    """

    name: str
    clips: int
    licence: str
    non_commercial: bool


class Training(msgspec.Struct, frozen=True):
    """What it cost to fit the model, the evaluation on folds left out.

    Attributes
    ----------
    seconds : float
        Wall-clock time.
    hardware : str
        Class of the machine, as ``2 cores, x86_64``.
    energy_kwh, carbon_kg : float
        Estimates, as the module says.
    """

    seconds: float
    hardware: str
    energy_kwh: float
    carbon_kg: float


class Card(msgspec.Struct, frozen=True):
    """The facts that every card states.

    Attributes
    ----------
    name : str
        By which users choose the model.
    sha256 : str
        Of the array file.
    kind : Kind
        What it says.
    model : str
        The module that runs it: ``models.<model>`` or ``models.zoo.<model>``.
    task : str
        One line: what it hears and how.
    answers_every_s : float
        Seconds from one answer to the next.
    data : tuple of Data
        What it learned from.
    licence : str
        What may be done with the weights, in one or two sentences.
    licence_short : str
        The same in one or two words: ``research``, ``non-commercial``, ``yours``.
    intended_use : str
        What it is for, and what it is not for.
    limits : tuple of str
        Where it fails, one sentence each.
    figures : dict
        How right it is, with intervals.
    training : Training
        What it cost.
    parameters : int
        Numbers stored.
    """

    name: str
    sha256: str
    kind: Kind
    model: str
    task: str
    answers_every_s: float
    data: tuple[Data, ...]
    licence: str
    licence_short: str
    intended_use: str
    limits: tuple[str, ...]
    figures: dict[str, Any]
    training: Training
    parameters: int

    def figure(self, name: str) -> str:
        """The model's own figure ``name`` as text; empty where the card has none."""
        value: object = self.figures.get(name, "")
        while isinstance(value, dict) and value:
            by: dict[str, object] = value
            value = by.get("model", next(iter(by.values())))
        return value if isinstance(value, str) else ""


def training_cost(seconds: float, *, cores: int | None = None, accelerator: str = "") -> Training:
    """Tell what a training cost, with the estimates that the module states.

    Parameters
    ----------
    seconds : float
        Wall-clock time that it took.
    cores : int, optional
        Processor cores that were kept busy; all of this machine's if not given.
    accelerator : str
        Name of the one GPU that was used; empty for none.
    """
    busy = cores or os.cpu_count() or 1
    watts = busy * CORE_W + (GPU_W if accelerator else 0.0)
    energy_kwh = watts * seconds / 3.6e6
    parts = [f"{busy} core{'s' if busy > 1 else ''}, {platform.machine()}", accelerator]
    return Training(
        seconds=round(seconds, 1),
        hardware=", ".join(part for part in parts if part),
        energy_kwh=float(f"{energy_kwh:.2g}"),
        carbon_kg=float(f"{energy_kwh * CARBON_KG:.2g}"),
    )


def build_card(
    *,
    model: str,
    task: str,
    answers_every_s: float,
    data: Sequence[Data],
    licence: str,
    licence_short: str,
    intended_use: str,
    limits: Sequence[str],
    figures: dict[str, Any],
    training: Training,
    kind: Kind = "affect",
    **own: object,
) -> dict[str, Any]:
    """Build the card that `models.weights.write_weights` takes.

    Parameters
    ----------
    model, task, answers_every_s, data, licence, licence_short : …
        As in `Card`.
    intended_use, limits, figures, training, kind : …
        As in `Card`.
    own
        The model's own facts: ``layout``, ``front_end``, ``recipe``, ``fixture``, …

    Raises
    ------
    CardError
        A fact is empty or of the wrong kind.
    """
    card: dict[str, Any] = {
        "kind": kind,
        "model": model,
        "task": task,
        "answers_every_s": answers_every_s,
        "data": [msgspec.to_builtins(one) for one in data],
        "licence": licence,
        "licence_short": licence_short,
        "intended_use": intended_use,
        "limits": list(limits),
        "figures": figures,
        "training": msgspec.to_builtins(training),
        **own,
    }
    read_card({"name": model, "sha256": "", "parameters": 1, **card})
    return card


def read_card(card: dict[str, Any]) -> Card:
    """Check that a card states all that it must; return these facts.

    Raises
    ------
    CardError
        Names the fact that is missing, empty or wrong.
    """
    try:
        facts = msgspec.convert(card, Card)
    except msgspec.ValidationError as error:
        raise CardError(f"the card is incomplete: {error}") from None
    for fact in ("model", "task", "data", "licence", "licence_short", "intended_use", "limits"):
        if not getattr(facts, fact):
            raise CardError(f"the card says nothing of {fact}")
    missing = [name for name in REQUIRED_FIGURES if name not in facts.figures]
    if facts.kind == "affect" and missing:
        raise CardError(f"the card's figures do not tell {', '.join(missing)}")
    if facts.kind == "affect" and not facts.figure("quadrant accuracy"):
        raise CardError("the card tells no quadrant accuracy of the model itself")
    return facts
