"""Train a network of faces on data that you have: FER2013, FERPlus, CK+, or folders of pictures.

::

    python -m models.training.train_face --data fer2013.csv --name my-faces
    python -m models.training.train_face --data fer2013new.csv --name my-faces     (FERPlus)
    python -m models.training.train_face --data CK+ --network vgg19 --folds 10     (S0)

Protocol
--------
Data that are divided keep their division, others are divided by person into tenths, one to stop on,
one to examine (`models.training.face_set`). With ``--folds N`` each of N parts in turn is examined
by a network that learned from the others; figures are those of all parts together. What is written
learned from all faces but the tenth to stop on when there are folds, and from the part for learning
otherwise, so that its figures are its own. Faces that are examined are looked at once, at the end.

After every epoch all is kept in ``.NAME.faces`` beside the model: the same command goes on there.
The model lies where your models are and is chosen with ``[sensors.camera] model = "NAME"`` or
``oscbridge affect face --model NAME``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import binomtest

from models import catalogue
from models.cards import Data, build_card, training_cost
from models.face import DEFAULT
from models.face_finder import FaceError
from models.face_labels import polarity
from models.face_network import CROP, FRONT_END, crops, maps, plan_of
from models.intervals import Estimate, Resampling
from models.metrics import accuracy, confidence_error
from models.training.face_fitting import FaceNetwork, Recipe, answers, fit, fit_temperature
from models.training.face_folders import read_folder
from models.training.face_set import TENTHS, FaceDataError, FaceSet, assign_tenths, divide
from models.training.face_tables import read_table
from models.weights import write_weights
from models.zoo.layers import softmax

RECIPES = {
    "small": Recipe("face_network"),
    "vgg19": Recipe("vgg19", learning_rate=0.01),
}
AGREE = 0.05
"""Largest difference of a logit between torch and the run-time code with weights in halves."""
LIMITS = (
    "It names the expression that people see in a face, not what the person feels.",
    "Upright faces that look at the camera; profiles, masks and strong shadows are not for it.",
    "It is as right, for every group of people, as its data are: examine it on yours.",
)


def main(words: list[str] | None = None) -> int:
    """Train; return the exit status."""
    options = _options(words)
    try:
        out = _folder(options)
        _train(read_faces(options.data), options, out)
    except (FaceDataError, FaceError) as error:
        print(f"train_face: {error}.", file=sys.stderr)
        return 2
    return 0


def read_faces(path: Path) -> FaceSet:
    """Read labelled faces in whichever form they are.

    Raises
    ------
    FaceDataError
        They are not there, or in none of the forms that are known.
    """
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_table(path)
    raise FaceDataError(f"there is no {str(path)!r}")


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="a table or a folder")
    parser.add_argument("--name", default="faces", help="of the model (default: faces)")
    parser.add_argument("--network", choices=tuple(RECIPES), default="small")
    parser.add_argument("--epochs", type=int, help="passes over the faces (default 60)")
    parser.add_argument("--batch", type=int, help="faces a step (default 128)")
    parser.add_argument(
        "--folds",
        type=int,
        choices=(1, *range(3, TENTHS + 1)),
        default=1,
        metavar="N",
        help="examine by 3 to 10 folds (default 1: one division)",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="folder of the model (default: where yours are)")
    return parser.parse_args(words)


def _folder(options: argparse.Namespace) -> Path:
    """Where the model goes. Raises `FaceDataError` where there is one of this name."""
    out: Path = options.out or catalogue.own_folder()
    known = [entry.name for entry in catalogue.entries()]
    if (out / f"{options.name}.npz").exists() or options.name in (DEFAULT, *known):
        raise FaceDataError(f"there is a model {options.name!r}: choose another --name")
    return out


def _train(faces: FaceSet, options: argparse.Namespace, out: Path) -> None:
    """Fit, examine, write, tell."""
    recipe = _recipe(options)
    faces = divide(faces)
    _tell(faces)
    kept = out / f".{options.name}.faces"
    begun = time.monotonic()
    if options.folds > 1:
        truth, said, groups = _cross(faces, recipe, options.folds, kept)
        parts = assign_tenths(faces)
        train, dev = faces.take(parts != 0), faces.take(parts == 0)
        network = fit(train, dev, recipe, kept / "all.pt", "all")
    else:
        train, dev = faces.part("train"), faces.part("dev")
        network = fit(train, dev, recipe, kept / "all.pt", "fit")
        test = faces.part("test")
        truth, groups = test.truth, test.groups
        said = [answers(network, test, ten=ten) for ten in (True, False)]
    temperature = fit_temperature(answers(network, dev, ten=True), dev.targets)
    arrays = {**network.arrays(), "temperature": np.float32(temperature)}
    _check_twin(network, arrays, recipe, dev)
    majority = int(train.targets.sum(axis=0).argmax())
    figures = judge(faces, truth, said, groups, temperature, majority)
    seconds = time.monotonic() - begun
    write_weights(options.name, arrays, _card(faces, train, recipe, figures, seconds), out)
    shutil.rmtree(kept, ignore_errors=True)
    print(f"{options.name} is ready, in {out}:")
    for figure, value in figures.items():
        rows = value if isinstance(value, dict) else {"": value}
        for name, text in rows.items():
            print(f"  {', '.join(filter(None, (figure, name))):<44} {text}")
    print(
        f'use it:  [sensors.camera] model = "{options.name}"   or   oscbridge affect face '
        f"--model {options.name} IMAGE"
    )


def _recipe(options: argparse.Namespace) -> Recipe:
    said = {key: getattr(options, key) for key in ("epochs", "batch") if getattr(options, key)}
    return replace(RECIPES[options.network], seed=options.seed, **said)


def _tell(faces: FaceSet) -> None:
    """Say what is learned from."""
    counts = ", ".join(
        f"{label} {int(n)}"
        for label, n in zip(faces.labels, faces.targets.sum(axis=0), strict=True)
    )
    whom = f"{len(set(faces.groups))} persons" if faces.persons else "persons unknown"
    parts = ", ".join(
        f"{part} {int((faces.parts == part).sum())}" for part in ("train", "dev", "test")
    )
    print(f"{faces.name}: {len(faces)} faces, {whom}; {counts}; {parts}")
    for sentence in faces.left_out:
        print(f"  left out: {sentence}")


def _cross(
    faces: FaceSet, recipe: Recipe, folds: int, kept: Path
) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """Truth, logits with ten crops and with two, and groups, of all faces by folds."""
    numbers = assign_tenths(faces) % folds
    rows = [np.flatnonzero(numbers == k) for k in range(folds) if (numbers == k).any()]
    said: list[list[np.ndarray]] = [[], []]
    for k, test in enumerate(rows):
        dev = rows[(k + 1) % len(rows)]
        train = np.setdiff1d(np.arange(len(faces)), [*test, *dev])
        network = fit(faces.take(train), faces.take(dev), recipe, kept / f"{k}.pt", f"fold {k + 1}")
        for place, ten in zip(said, (True, False), strict=True):
            place.append(answers(network, faces.take(test), ten=ten))
    order = np.concatenate(rows)
    return faces.truth[order], [np.concatenate(one) for one in said], faces.groups[order]


def judge(
    faces: FaceSet,
    truth: np.ndarray,
    said: list[np.ndarray],
    groups: np.ndarray,
    temperature: float,
    majority: int,
) -> dict[str, Any]:
    """Figures of a card from logits with ten crops and with two, each shape=(n, labels)."""
    draws = Resampling(list(groups))
    guess, two_crops = (logits.argmax(axis=1) for logits in said)
    signs = np.asarray([polarity(label) for label in faces.labels])
    confidence = softmax(said[0] / temperature).max(axis=1)
    commonest = np.full(len(truth), majority)
    split = "no person in two parts"
    return {
        "n": len(truth),
        "split": split if faces.persons else "no picture in two parts; persons unknown",
        "interval": "95 %, bootstrap over groups, 2,000 draws; Wilson where all are right or wrong",
        "accuracy": {
            "model": _share(draws, truth, guess, groups),
            "two crops instead of ten": _share(draws, truth, two_crops, groups),
            "commonest label": _share(draws, truth, commonest, groups),
        },
        "polarity accuracy": {
            "model": _share(draws, signs[truth], signs[guess], groups),
            "commonest label": _share(draws, signs[truth], signs[commonest], groups),
        },
        "calibration error": str(draws.estimate(confidence_error, guess == truth, confidence)),
    }


def _share(draws: Resampling, truth: np.ndarray, guess: np.ndarray, groups: np.ndarray) -> str:
    """Share that is right, with its interval; drawing again from what is all right gives none."""
    found = draws.estimate(accuracy, truth, guess)
    if found.value in (0.0, 1.0):
        n = len(set(groups))
        wilson = binomtest(round(found.value * n), n).proportion_ci(method="wilson")
        found = Estimate(found.value, float(wilson.low), float(wilson.high))
    return str(found)


def _check_twin(
    network: FaceNetwork, arrays: dict[str, np.ndarray], recipe: Recipe, faces: FaceSet
) -> None:
    """See that the run-time code says what torch says. Raises ``RuntimeError`` where not."""
    few = faces.take(np.arange(min(len(faces), 4)))
    cut = crops(few.pixels)
    single = {key: array.astype(np.float32) for key, array in arrays.items()}
    logits = maps(single, plan_of(recipe.module), cut.reshape(-1, CROP, CROP))[-1]
    theirs = answers(network, few, ten=False)
    off = np.abs(logits.reshape(*cut.shape[:2], -1).mean(axis=1) - theirs).max()
    if off > AGREE * max(1.0, float(np.abs(theirs).max())):
        raise RuntimeError(f"the run-time network differs from the trained one by {off:.3f}")


def _card(
    faces: FaceSet, train: FaceSet, recipe: Recipe, figures: dict[str, Any], seconds: float
) -> dict[str, Any]:
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    own = (
        "S0: VGG19 of 44×44 crops" if recipe.module == "vgg19" else "A small network of 44×44 crops"
    )
    data = Data(
        f"{faces.name}, as you have it", len(train), "that under which it was given to you", True
    )
    return build_card(
        kind="face",
        model=recipe.module,
        task=f"{own}: which expression people see in a face.",
        answers_every_s=0.1,
        data=[data],
        licence="What the owners of the data allow for what is learned from them.",
        licence_short="yours",
        intended_use="A hint at what a player feels, beside others. No judgement of people.",
        limits=LIMITS,
        figures=figures,
        training=training_cost(seconds, accelerator=gpu),
        front_end=FRONT_END,
        labels=list(faces.labels),
        recipe=repr(recipe),
        left_out=list(faces.left_out),
    )


if __name__ == "__main__":
    sys.exit(main())
