"""Networks of others in the ONNX format: built here with onnx, reckoned with numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models import face
from models.face import Pixels
from models.face_finder import Box, find_faces
from models.weights import WeightsError
from tests.drawn_faces import draw

BOX = Box(0, 0, 48, 48)


def write_network(
    path: Path,
    outputs: int,
    shape: tuple[int | str, ...] = (1, 1, 48, 48),
    scale: float = 1.0,
    channels: np.ndarray | None = None,
) -> Path:
    """Write a network that says ``scale * k * (mean of all pixels by channels)`` as output k."""
    weights = np.ones(1, np.float32) if channels is None else channels.astype(np.float32)
    gains = (scale * np.arange(outputs, dtype=np.float32)).reshape(1, outputs)
    nodes = [
        helper.make_node("Mul", ["face", "weights"], ["weighted"]),
        helper.make_node("ReduceMean", ["weighted"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Reshape", ["mean", "column"], ["column_of_means"]),
        helper.make_node("MatMul", ["column_of_means", "gains"], ["said"]),
    ]
    graph = helper.make_graph(
        nodes,
        "expression",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info("said", TensorProto.FLOAT, ["n", outputs])],
        [
            numpy_helper.from_array(gains, "gains"),
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([-1, 1], np.int64), "column"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def test_outputs_become_probabilities_of_their_labels(tmp_path: Path) -> None:
    path = write_network(tmp_path / "mine.onnx", 3, scale=0.02)
    model = face.load(str(path), labels=("neutral", "happy", "sad"))
    picture = np.full((48, 48), 100, np.uint8)
    said = model.update(picture, BOX, 0.0)
    shares = np.exp([0.0, 2.0, 4.0]) / np.exp([0.0, 2.0, 4.0]).sum()
    assert list(said.details) == ["neutral", "happiness", "sadness"]
    assert list(said.details.values()) == pytest.approx(shares, rel=1e-3)
    assert said.valence == pytest.approx(shares[1] * 0.81 - shares[2] * 0.63, rel=1e-3)
    assert said.arousal == pytest.approx(shares[1] * 0.51 - shares[2] * 0.27, rel=1e-3)
    assert model.name == "mine.onnx"


@pytest.mark.parametrize(
    ("pixels", "wanted"),
    [
        ("0..255", 51.0),
        ("0..1", 0.2),
        ("-1..1", -0.6),
        ("imagenet", ((0.2 - np.array([0.485, 0.456, 0.406])) / [0.229, 0.224, 0.225]).mean()),
    ],
)
def test_pixels_are_what_the_network_takes(tmp_path: Path, pixels: Pixels, wanted: float) -> None:
    path = write_network(tmp_path / "mine.onnx", 2, (1, 3, 112, 112), scale=0.01)
    model = face.load(str(path), labels=("-", "valence"), pixels=pixels)
    said = model.update(np.full((60, 60, 3), 51, np.uint8), BOX, 0.0)
    assert said.valence == pytest.approx(0.01 * wanted, rel=1e-4)


@pytest.mark.parametrize("shape", [(1, 3, 64, 64), (1, 64, 64, 3), ("n", 3, "h", "w")])
def test_colours_come_in_the_order_red_green_blue(
    tmp_path: Path, shape: tuple[int | str, ...]
) -> None:
    colours = np.array([1.0, 10.0, 100.0])
    weights = colours if shape[-1] == 3 else colours[:, None, None]
    path = write_network(tmp_path / "mine.onnx", 2, shape, scale=1e-4, channels=weights)
    model = face.load(str(path), labels=("-", "arousal"))
    picture = np.empty((60, 60, 3), np.uint8)
    picture[...] = (30, 20, 10)  # blue, green, red
    mean = (10 * 1 + 20 * 10 + 30 * 100) / 3
    assert model.update(picture, BOX, 0.0).arousal == pytest.approx(1e-4 * mean, rel=1e-3)
    grey = np.full((60, 60), 40, np.uint8)
    assert model.update(grey, BOX, 0.0).arousal == pytest.approx(1e-4 * 40 * 37, rel=1e-3)


def test_values_and_labels_go_together(tmp_path: Path) -> None:
    path = write_network(tmp_path / "mine.onnx", 4, scale=0.002)
    model = face.load(str(path), labels=("anger", "happiness", "valence", "arousal"))
    said = model.update(np.full((48, 48), 100, np.uint8), BOX, 0.0)
    assert (said.valence, said.arousal) == pytest.approx((0.4, 0.6), rel=1e-3)
    assert set(said.details) == {"anger", "happiness", "valence", "arousal"}


def test_a_personal_neutral_face_is_taken_off(tmp_path: Path) -> None:
    path = write_network(tmp_path / "mine.onnx", 2, scale=0.02)
    model = face.load(str(path), labels=("neutral", "happy"))
    picture = draw()
    box = find_faces(picture)[0]
    assert model.update(picture, box, 0.0).valence > 0.3
    model.calibrate("neutral")
    for i in range(30):
        model.update(picture, box, 0.1 * i)
    assert model.update(picture, box, 3.0).valence == pytest.approx(0.0, abs=1e-6)
    again = face.load(str(path), labels=("neutral", "happy"))
    again.restore(model.neutral)
    assert again.update(picture, box, 0.0).valence == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ((), "give its labels in order"),
        (("happy", "hungry", "sad"), "'hungry' is no label of an expression"),
        (("happy", "sad"), "has 3 outputs, but 2 labels"),
        (("-", "-", "-"), "no output of .* is used"),
    ],
)
def test_labels_that_do_not_fit_are_said(
    tmp_path: Path, labels: tuple[str, ...], words: str
) -> None:
    path = write_network(tmp_path / "mine.onnx", 3)
    with pytest.raises(WeightsError, match=words):
        face.load(str(path), labels=labels)


def test_files_that_are_no_networks_of_faces_are_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="there is no file"):
        face.load(str(tmp_path / "nowhere.onnx"), labels=("happy",))
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(WeightsError, match="cannot be run"):
        face.load(str(tmp_path / "text.onnx"), labels=("happy",))
    five = write_network(tmp_path / "five.onnx", 2, (1, 5, 48, 48))
    with pytest.raises(WeightsError, match="no picture of one or three channels"):
        face.load(str(five), labels=("happy", "sad"))
