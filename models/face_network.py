"""Networks of faces: 48×48 grey pixels → probabilities of labels → valence and arousal.

Conventions
-----------
A face is grey, 48×48, as FER2013 has them; larger ones are reduced. The network takes crops of it
of 44×44: the middle one and its mirror image, or *ten*: the four corners and the middle, each with
its mirror image (T. Jiang et al. 2023; ten-crop testing after A. Krizhevsky et al. 2012). Each crop
is brought to mean 0 and deviation 1, so that light and contrast tell nothing. What is said of the
crops are logits, shape=(crops, labels), whose mean, divided by the temperature that was fitted on
faces held out, gives the probabilities.

A network is a *plan*: numbers of channels of 3×3 convolutions (padded, with ReLU; normalisation of
batches is folded into them) and `POOL`, a maximum of 2×2. The last map is averaged over what is
left of space and goes through one linear layer. Which plan, says the card's ``model``: `PLAN` is
our own, 0.6 million parameters; that of S0 is `models.zoo.vgg19`. Arrays: ``w_1``, ``b_1``, … of
the convolutions, ``w_out``, ``b_out``, ``temperature``; the card names the ``labels``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import numpy as np

from models.face import MOST_CONFIDENCE, Expression
from models.face_calibration import Calibrated
from models.face_finder import cut_face, to_grey
from models.face_labels import LABELS, point_of
from models.face_quality import judge
from models.weights import WeightsError
from models.zoo.layers import conv2d, dense, max_pool2d, relu, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.face_finder import Box
    from models.weights import Weights

SIDE = 48
CROP = 44
FRONT_END = "grey 48, crops of 44, standardised 1"
"""Says what the network takes; weights name what they were trained on."""
POOL = 0
"""In a plan, instead of a number of channels: a maximum of 2×2."""
PLAN = (32, 32, POOL, 64, 64, POOL, 128, 128, POOL, 256)
"""Our own network."""
_LEAST_DEVIATION = 4.0


def plan_of(module: str) -> tuple[int, ...]:
    """The plan of the network that ``models.<module>`` or ``models.zoo.<module>`` holds."""
    if module == "face_network":
        return PLAN
    plan: tuple[int, ...] = importlib.import_module(f"models.zoo.{module}").PLAN
    return plan


def crops(faces: np.ndarray, *, ten: bool = False) -> np.ndarray:
    """Cut crops of faces and standardise them.

    Parameters
    ----------
    faces : np.ndarray, shape=(n, 48, 48), uint8
    ten : bool
        Ten crops of each, instead of the middle one and its mirror image.

    Returns
    -------
    np.ndarray, shape=(n, 10 or 2, 44, 44), float32
    """
    end = SIDE - CROP
    places = [(end // 2, end // 2)]
    if ten:
        places = [(0, 0), (0, end), (end, 0), (end, end), *places]
    cut = [faces[:, y : y + CROP, x : x + CROP] for y, x in places]
    return standardise(np.stack([*cut, *(one[..., ::-1] for one in cut)], axis=1))


def standardise(pictures: np.ndarray) -> np.ndarray:
    """Pictures, shape=(…, height, width), with mean 0 and deviation 1 each, float32."""
    pictures = pictures.astype(np.float32)
    mean = pictures.mean(axis=(-2, -1), keepdims=True)
    deviation = pictures.std(axis=(-2, -1), keepdims=True)
    return (pictures - mean) / np.maximum(deviation, _LEAST_DEVIATION)


def maps(arrays: dict[str, np.ndarray], plan: Sequence[int], x: np.ndarray) -> list[np.ndarray]:
    """What each part of a plan says of crops, shape=(n, 44, 44), and at the end the logits.

    Parameters
    ----------
    arrays : dict of str to np.ndarray, float32
    plan : sequence of int

    Returns
    -------
    list of np.ndarray
        Shapes (n, channels, height, width), the last one (n, labels).
    """
    said = [x[:, None]]
    number = 0
    for channels in plan:
        if channels == POOL:
            said.append(max_pool2d(said[-1], (2, 2)))
            continue
        number += 1
        w, b = arrays[f"w_{number}"], arrays[f"b_{number}"]
        said.append(relu(conv2d(said[-1], w, b, padding=(1, 1))))
    return [*said[1:], dense(said[-1].mean(axis=(2, 3)), arrays["w_out"], arrays["b_out"])]


class NetworkModel(Calibrated):
    """Runs a network on one face after the other.

    Parameters
    ----------
    weights : Weights
    ten : bool
        Look at ten crops of each face instead of two.

    Raises
    ------
    WeightsError
        They are none of such a network, or of one that takes something else.
    """

    def __init__(self, weights: Weights, *, ten: bool = False) -> None:
        super().__init__(measures=2)
        weights.require("front_end", FRONT_END)
        self.name, self.digest = weights.name, weights.digest
        self._plan = plan_of(str(weights.card["model"]))
        self.labels = _check(weights, self._plan)
        self._arrays = weights.in_float32()
        self._ten = ten

    def probabilities(self, faces: np.ndarray) -> np.ndarray:
        """Probabilities of the labels of faces, shape=(n, 48, 48), uint8: shape=(n, labels)."""
        cut = crops(faces, ten=self._ten)
        logits = maps(self._arrays, self._plan, cut.reshape(-1, CROP, CROP))[-1]
        mean = logits.reshape(*cut.shape[:2], -1).mean(axis=1)
        return softmax(mean / self._arrays["temperature"])

    def update(self, picture: np.ndarray, box: Box, time_s: float) -> Expression:
        """Look at the face in ``box`` of a picture, uint8, shape=(height, width[, 3])."""
        grey = to_grey(picture)
        said = self.probabilities(cut_face(grey, box, SIDE)[None])[0]
        point = self._from_rest(np.asarray(point_of(self.labels, said)), time_s)
        return to_expression(
            point,
            float(said.max()) * judge(grey, box).overall,
            dict(zip(self.labels, map(float, said), strict=True)),
        )


def to_expression(point: np.ndarray, sure: float, details: dict[str, float]) -> Expression:
    """The expression of a point, shape=(2,), of which a network is so sure, 0..1."""
    valence, arousal = (float(value) for value in np.clip(point, -1.0, 1.0))
    return Expression(valence, arousal, MOST_CONFIDENCE * sure, details)


def _check(weights: Weights, plan: Sequence[int]) -> tuple[str, ...]:
    """Labels of the card. Raises `WeightsError` where they or the arrays do not fit the plan."""
    said: object = weights.card.get("labels")
    labels = tuple(str(label) for label in said) if isinstance(said, list) else ()
    if not labels or not set(labels) <= set(LABELS):
        raise WeightsError(f"the card of model {weights.name!r} does not name labels that we know")
    sizes = [channels for channels in plan if channels != POOL]
    wanted = {"temperature": "", "w_out": f"{len(labels)} {sizes[-1]}", "b_out": f"{len(labels)}"}
    for number, (inside, outside) in enumerate(zip([1, *sizes], sizes, strict=False), 1):
        wanted[f"w_{number}"] = f"{outside} {inside} 3 3"
        wanted[f"b_{number}"] = f"{outside}"
    weights.require_shapes(**wanted)
    return labels
