"""What a face expresses: the contract of the models of it, and which there are.

Conventions
-----------
A model takes pictures with a box around the face (`models.face_finder`), one after the other, with
the time in seconds, and says valence and arousal in [-1, 1] and a confidence in [0, 1]. A picture
by itself is the first of one. A face that is seen is an *expression*; what the person *feels* is
something else. People feel much that does not show and show much that they do not feel: over many
studies, how strongly an emotion is reported and how strongly its expression is shown correlate at
0.30, and they come together hardly more often than by chance (J. Durán & J.-M. Fernández-Dols,
Emotion 21, 2021). So no model here is ever more confident than `MOST_CONFIDENCE`, however clear the
face: what a face can tell, times how sure the model is of the expression, times how well the face
is seen (`models.face_quality`).

`DEFAULT`, the model of signs (`models.face_signs`), was not trained on anything and is there
wherever OpenCV 4 is. No trained network is shipped, since no faces were at hand that we may learn
from; `models.training.train_face` makes one from data that users have, and any network in the ONNX
format can be used by its path (`models.face_onnx`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from models.weights import WeightsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from models.catalogue import Entry
    from models.face_finder import Box

DEFAULT = "signs"
"""The model that needs no training."""
NETWORKS = ("face_network", "vgg19")
"""Modules that run networks which users trained."""
MOST_CONFIDENCE = 0.4
"""What a face can tell of a feeling at best."""
FELT = 0.5
"""Best guess of what is felt, in shares of what is shown: as shown and felt emotions go together
weakly, and most of what is shown is little."""
ENDING = ".onnx"

Pixels = Literal["0..255", "0..1", "-1..1", "imagenet"]
"""What an ONNX network takes for a pixel: its value, a share, or standardised as ImageNet's are."""
Step = Literal["neutral", "start", "stop", "reset"]
"""Of a calibration: what shows now is neutral; begin to learn that, end it, forget it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """What a face expresses.

    Attributes
    ----------
    valence, arousal : float
        -1..1.
    confidence : float
        0..1, of this as an account of what is felt.
    details : dict of str to float
        What it rests on: probabilities of labels, or signs.
    """

    valence: float
    arousal: float
    confidence: float
    details: dict[str, float] = field(default_factory=dict[str, float])


class FaceModel(Protocol):
    """Says what a face expresses."""

    name: str
    """By which it was chosen."""
    digest: str
    """Hash of the weights; empty where there are none."""

    def update(self, picture: np.ndarray, box: Box, time_s: float) -> Expression:
        """Look at the face in ``box`` of a picture, uint8, shape=(height, width[, 3])."""
        ...

    def calibrate(self, step: Step) -> None:
        """Take a step in learning how this person looks when nothing is felt."""
        ...

    @property
    def neutral(self) -> list[float]:
        """What was learned of the person, to be given back to `restore`; empty where nothing."""
        ...

    def restore(self, neutral: Sequence[float]) -> None:
        """Go on with what was learned of the person before."""
        ...

    def reset(self) -> None:
        """Another face, or a cut: forget what was seen, keep what was learned."""
        ...


def names() -> list[str]:
    """Names of the models of faces: the default, then those that the user trained."""
    from models import catalogue

    own = [entry.name for entry in catalogue.entries() if entry.kind == "face"]
    return [DEFAULT, *own]


def load(
    name: str = DEFAULT, *, labels: Sequence[str] = (), pixels: Pixels = "0..255", ten: bool = False
) -> FaceModel:
    """Load a model.

    Parameters
    ----------
    name : str
        `DEFAULT`, the name of a trained one, or the path of an ONNX file.
    labels, pixels
        Of an ONNX network, as in `models.face_onnx`.
    ten : bool
        Let a trained network look at ten crops of each face instead of two.

    Raises
    ------
    KeyError
        There is none of this name; `names` lists them.
    WeightsError
        Its files are damaged, or no such network.
    ImportError, FaceError
        A library is missing.
    """
    if name == DEFAULT:
        from models.face_signs import SignsModel

        return SignsModel()
    if name.casefold().endswith(ENDING):
        from models.face_onnx import OnnxModel

        return OnnxModel(name, labels, pixels)
    from models import catalogue

    for entry in catalogue.entries():
        if entry.name == name and entry.kind == "face":
            return _load_network(entry, ten=ten)
    raise KeyError(name)


def _load_network(entry: Entry, *, ten: bool) -> FaceModel:
    """Load a network that the user trained. Raises `WeightsError` where it is none."""
    from models.face_network import NetworkModel
    from models.weights import read_weights

    if entry.module not in NETWORKS:
        raise WeightsError(
            f"model {entry.name!r} wants to be run by {entry.module!r}, which this version does "
            f"not have; it has {', '.join(NETWORKS)}"
        )
    return NetworkModel(read_weights(entry.name, entry.folder), ten=ten)
