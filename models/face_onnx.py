"""Any network of expressions in the ONNX format, by its path, with the labels of its outputs.

Conventions
-----------
The network takes one picture of a face, ``1 × channels × height × width`` (or with the channels
last), one channel grey or three red, green, blue, and says one number a label: logits, or
probabilities where they sum to 1. *Labels* are words that `models.face_labels` knows; an output
named ``valence`` or ``arousal`` is that value itself, -1..1, and ``-`` is left out. *Pixels* says
what the network takes for a pixel (`models.face.Pixels`). Both are facts of the network that its
file does not tell: without labels it is not used.

It is run by onnxruntime, which knows the shape of the input and all operators.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.face_calibration import Calibrated
from models.face_finder import cut_face, load_cv2, to_grey
from models.face_labels import AXES, LABELS, label_of_word, point_of
from models.face_network import to_expression
from models.face_quality import judge
from models.weights import WeightsError
from models.zoo.layers import softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.face import Expression, Pixels
    from models.face_finder import Box

LEFT_OUT = "-"
"""In place of a label: an output that is not used."""
_USUAL_SIDE = 64
"""Pixels of the input of a network that takes any size."""
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


class OnnxModel(Calibrated):
    """Runs a network from a file.

    Parameters
    ----------
    path : str
    labels : sequence of str
        Of the outputs, in order.
    pixels : Pixels
        What it takes for a pixel.

    Raises
    ------
    WeightsError
        There is no such file, or it is no such network; says what it has and what it needs.
    ImportError
        onnxruntime is not installed.
    """

    digest = ""

    def __init__(self, path: str, labels: Sequence[str], pixels: Pixels = "0..255") -> None:
        import onnxruntime

        super().__init__(measures=2)
        self.name = Path(path).name
        if not Path(path).is_file():
            raise WeightsError(f"there is no file {path!r} with a network of faces")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session: Any = onnxruntime.InferenceSession(
                path, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # noqa: BLE001 - it has a dozen types without a common one
            told = str(error).strip().splitlines()[-1:]
            raise WeightsError(f"{path} cannot be run: {' '.join(told)[:200]}") from None
        self._labels = _read_labels(labels, path)
        self._pixels: Pixels = pixels
        self._shape, self._last = _input_shape(self._session, path)
        self._try_out(path)

    def update(self, picture: np.ndarray, box: Box, time_s: float) -> Expression:
        """Look at the face in ``box`` of a picture, uint8, shape=(height, width[, 3])."""
        grey = to_grey(picture)
        said = self._run(self._prepare(picture if self._shape[0] == 3 else grey, box))
        point, sure, details = np.zeros(2), 1.0, dict[str, float]()
        chosen = [i for i, label in enumerate(self._labels) if label in LABELS]
        if chosen:
            names = tuple(self._labels[i] for i in chosen)
            shares = _to_shares(said[chosen])
            point, sure = np.asarray(point_of(names, shares)), float(shares.max())
            details |= zip(names, map(float, shares), strict=True)
        for place, axis in enumerate(AXES):
            if axis in self._labels:
                point[place] = details[axis] = float(said[self._labels.index(axis)])
        quality = judge(grey, box).overall
        return to_expression(self._from_rest(point, time_s), sure * quality, details)

    def _prepare(self, picture: np.ndarray, box: Box) -> np.ndarray:
        """The face as the network takes it, shape=(1, channels, height, width) or channels last."""
        channels, height, width = self._shape
        face = cut_face(picture, box, max(height, width))
        if channels == 3:
            if face.ndim == 2:
                face = np.repeat(face[..., None], 3, axis=2)
            face = face[..., ::-1]
        if height != width:
            face = load_cv2().resize(np.ascontiguousarray(face), (width, height))
        x = face.astype(np.float32).reshape(height, width, channels)
        if self._pixels != "0..255":
            x = x / 255.0
        if self._pixels == "-1..1":
            x = 2.0 * x - 1.0
        elif self._pixels == "imagenet":
            mean = _MEAN if channels == 3 else _MEAN.mean()
            x = (x - mean) / (_DEVIATION if channels == 3 else _DEVIATION.mean())
        return np.ascontiguousarray((x if self._last else x.transpose(2, 0, 1))[None], np.float32)

    def _run(self, x: np.ndarray) -> np.ndarray:
        name = self._session.get_inputs()[0].name
        return np.asarray(self._session.run(None, {name: x})[0], dtype=float).reshape(-1)

    def _try_out(self, path: str) -> None:
        """Run it once. Raises `WeightsError` where it fails, or says another number of things."""
        channels, height, width = self._shape
        shape = (1, height, width, channels) if self._last else (1, channels, height, width)
        try:
            said = self._run(np.zeros(shape, np.float32))
        except Exception as error:  # noqa: BLE001 - as above
            told = str(error).strip().splitlines()[-1:]
            raise WeightsError(f"{path} cannot be run: {' '.join(told)[:200]}") from None
        if len(said) != len(self._labels):
            raise WeightsError(
                f"{path} has {len(said)} outputs, but {len(self._labels)} labels were given: "
                "name each output in order, '-' for one that is not used"
            )


def _to_shares(said: np.ndarray) -> np.ndarray:
    """Probabilities, shape=(n,), of what may be logits."""
    already = bool((said >= -1e-6).all()) and abs(float(said.sum()) - 1.0) < 1e-2
    return said / said.sum() if already else softmax(said)


def _read_labels(labels: Sequence[str], path: str) -> list[str]:
    """Check and translate the labels. Raises `WeightsError` where one is not known."""
    if not labels:
        raise WeightsError(
            f"{path} does not tell what its outputs mean: give its labels in order, such as "
            "neutral happiness surprise sadness anger disgust fear contempt"
        )
    found = [one if one in (*AXES, LEFT_OUT) else label_of_word(one) or "" for one in labels]
    if "" in found:
        raise WeightsError(
            f"{labels[found.index('')]!r} is no label of an expression: there are "
            f"{', '.join(LABELS)}, {', '.join(AXES)}, and - for an output that is not used"
        )
    if set(found) == {LEFT_OUT}:
        raise WeightsError(f"no output of {path} is used: all labels are '-'")
    return found


def _input_shape(session: Any, path: str) -> tuple[tuple[int, int, int], bool]:
    """Channels, height and width of the input, and whether the channels come last.

    Raises
    ------
    WeightsError
        It takes no picture.
    """
    inputs = session.get_inputs()
    shape = list(inputs[0].shape)
    if len(inputs) != 1 or len(shape) != 4:
        raise WeightsError(f"{path} takes {shape}: no picture of a face")
    last = shape[3] in (1, 3) and shape[1] not in (1, 3)
    channels, height, width = (shape[3], *shape[1:3]) if last else shape[1:]
    sides = [side if isinstance(side, int) else _USUAL_SIDE for side in (height, width)]
    if channels not in (1, 3):
        raise WeightsError(f"{path} takes {shape}: no picture of one or three channels")
    return (channels, sides[0], sides[1]), last
