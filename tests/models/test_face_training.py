"""Networks of faces: layers, twins, and that they learn expressions of drawn people."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models import catalogue, face
from models.face_finder import find_faces
from models.face_network import (
    CROP,
    FRONT_END,
    PLAN,
    NetworkModel,
    crops,
    maps,
    plan_of,
    standardise,
)
from models.training import face_fitting, train_face
from models.training.face_fitting import FaceNetwork, Recipe, fit, vary
from models.training.face_set import FaceDataError, FaceSet, build_set, one_hot
from models.weights import Weights, WeightsError, read_weights
from tests.drawn_faces import LOOKS, Person, crop, draw

NAMES = ("neutral", "happiness", "sadness", "surprise")


def drawn_set(people: int, seed: int = 0) -> FaceSet:
    """Faces of drawn people, each in every expression."""
    rng = np.random.default_rng(seed)
    pixels, targets, groups = [], [], []
    for number in range(people):
        person = Person.drawn_by_lot(rng)
        for name in NAMES:
            pixels.append(crop(person, name, tuple(rng.uniform(-2.0, 2.0, 2))))
            targets.append(one_hot(name))
            groups.append(f"person {number}")
    return build_set("drawn", pixels, targets, groups, [""] * len(pixels))


def write_faces(folder: Path, people: int) -> None:
    faces = drawn_set(people)
    for i, (pixels, group) in enumerate(zip(faces.pixels, faces.groups, strict=True)):
        path = folder / faces.labels[faces.truth[i]] / group / "1.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(path), pixels)


def as_single(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {key: array.astype(np.float32) for key, array in arrays.items()}


@pytest.mark.parametrize("module", ["face_network", "vgg19"])
def test_the_run_time_network_says_what_torch_says(module: str) -> None:
    torch.manual_seed(1)
    network = FaceNetwork(plan_of(module), 7)
    for layer in network.body:
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.running_mean.normal_(0.0, 0.1)
            layer.running_var.uniform_(0.5, 1.5)
    network.eval()
    x = np.random.default_rng(0).normal(size=(2, CROP, CROP)).astype(np.float32)
    with torch.no_grad():
        truth = network(torch.from_numpy(x)).numpy()
    said = maps(as_single(network.arrays()), plan_of(module), x)[-1]
    assert np.abs(said - truth).max() < 0.02 * max(np.abs(truth).max(), 1.0)


def test_vgg19_has_the_layers_of_the_paper() -> None:
    plan = plan_of("vgg19")
    network = FaceNetwork(plan, 7)
    assert sum(1 for channels in plan if channels) == 16
    kernels = [layer for layer in network.body if isinstance(layer, torch.nn.Conv2d)]
    assert {layer.kernel_size for layer in kernels} == {(3, 3)}
    said = maps(as_single(network.arrays()), plan, np.zeros((1, CROP, CROP), np.float32))
    pools = [m.shape[1:] for m, channels in zip(said, plan, strict=False) if not channels]
    assert pools == [(64, 22, 22), (128, 11, 11), (256, 5, 5), (512, 2, 2), (512, 1, 1)]
    weights = sum(a.size for a in network.arrays().values())
    # VGG19's convolutions (Simonyan & Zisserman 2015) see three colours, ours grey; then one layer.
    assert weights == 20_024_384 - 2 * 64 * 9 + 512 * 7 + 7


def test_our_own_network_has_less_than_a_million_parameters() -> None:
    assert sum(a.size for a in FaceNetwork(PLAN, 8).arrays().values()) < 1_000_000


def test_ten_crops_are_corners_and_middle_and_their_mirror_images() -> None:
    face_ = np.random.default_rng(0).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    cut = crops(face_, ten=True)[0]
    assert cut.shape == (10, CROP, CROP)
    places = ((0, 0), (0, 4), (4, 0), (4, 4), (2, 2))
    for one, mirror, (y, x) in zip(cut[:5], cut[5:], places, strict=True):
        wanted = standardise(face_[0, y : y + CROP, x : x + CROP])
        assert np.allclose(one, wanted, atol=1e-5)
        assert np.allclose(mirror, wanted[:, ::-1], atol=1e-5)
    assert np.allclose(crops(face_)[0], cut[[4, 9]], atol=1e-5)


def test_light_and_contrast_tell_the_network_nothing() -> None:
    dim = draw()[40:88, 100:148]
    bright = (dim.astype(float) * 0.5 + 60).astype(np.uint8)
    assert np.allclose(standardise(dim), standardise(bright), atol=0.1)
    assert np.isfinite(standardise(np.zeros((48, 48)))).all()


def test_random_crops_are_pieces_of_their_face() -> None:
    faces = np.arange(48 * 48, dtype=np.int64).reshape(1, 48, 48) % 251
    cut = vary(np.repeat(faces.astype(np.uint8), 40, axis=0), np.random.default_rng(0))
    pieces = {
        standardise(faces[0, y : y + CROP, x : x + CROP][:, ::way].astype(np.uint8)).tobytes()
        for y in range(5)
        for x in range(5)
        for way in (1, -1)
    }
    assert {one.tobytes() for one in cut} <= pieces
    assert len({one.tobytes() for one in cut}) > 10


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a network that learned from drawn people, by the users' program."""
    data, out = tmp_path_factory.mktemp("faces"), tmp_path_factory.mktemp("models")
    write_faces(data, 24)
    words = ["--data", str(data), "--out", str(out), "--name", "drawn", "--batch", "8"]
    assert train_face.main([*words, "--epochs", "9"]) == 0
    return out


def test_a_trained_network_knows_expressions_of_people_whom_it_never_saw(trained: Path) -> None:
    card = json.loads((trained / "drawn.json").read_text())
    assert card["figures"]["split"] == "no person in two parts"
    assert card["figures"]["accuracy"]["commonest label"].startswith("0.250")
    assert not list(trained.glob(".*")), "what was kept meanwhile is gone"
    model = NetworkModel(read_weights("drawn", trained))
    strangers = drawn_set(10, seed=7)
    assert strangers.labels == model.labels
    right = model.probabilities(strangers.pixels).argmax(axis=1) == strangers.truth
    assert right.mean() > 0.8


def test_a_trained_network_is_used_as_any_other(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSCBRIDGE_MODELS", str(trained))
    assert face.names() == ["signs", "drawn"]
    assert "drawn" not in catalogue.names()
    model = face.load("drawn")
    person = Person.drawn_by_lot(np.random.default_rng(99))
    said = {}
    for name in NAMES:
        picture = draw(person, **LOOKS[name])
        said[name] = model.update(picture, find_faces(picture)[0], 0.0)
    assert said["happiness"].valence > 0.4 > said["neutral"].valence > said["sadness"].valence
    assert said["surprise"].arousal > said["neutral"].arousal + 0.3
    assert sum(said["neutral"].details.values()) == pytest.approx(1.0)
    assert all(0.0 < one.confidence <= face.MOST_CONFIDENCE for one in said.values())


def test_what_cannot_be_trained_is_said_in_a_line(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_face.main(["--data", str(trained), "--out", str(trained), "--name", "drawn"]) == 2
    assert "there is a model 'drawn'" in capsys.readouterr().err
    for data in (trained, trained / "nowhere.csv"):
        assert train_face.main(["--data", str(data), "--out", str(trained)]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_with_folds_every_face_is_examined_by_a_network_that_did_not_see_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_faces(tmp_path / "faces", 6)
    parts: list[tuple[set[str], set[str]]] = []
    fit_it = train_face.fit

    def watch(train: FaceSet, dev: FaceSet, *more: object) -> FaceNetwork:
        """Note who is learned from."""
        parts.append((set(train.groups), set(dev.groups)))
        return fit_it(train, dev, *more)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(train_face, "fit", watch)
    words = ["--data", str(tmp_path / "faces"), "--out", str(tmp_path), "--name", "crossed"]
    assert train_face.main([*words, "--folds", "3", "--epochs", "1", "--batch", "8"]) == 0
    everybody = {f"person {number}" for number in range(6)}
    assert [len(train | dev) for train, dev in parts] == [4, 4, 4, 6]
    assert all(not train & dev for train, dev in parts)
    assert set.union(*(everybody - train - dev for train, dev in parts[:3])) == everybody
    assert json.loads((tmp_path / "crossed.json").read_text())["figures"]["n"] == 24


def test_an_interval_of_what_is_all_right_is_no_point() -> None:
    faces = drawn_set(8)
    logits = np.eye(len(faces.labels))[faces.truth] * 9.0
    figures = train_face.judge(faces, faces.truth, [logits, logits], faces.groups, 1.0, 0)
    value, low, high = (float(part.strip("[],")) for part in figures["accuracy"]["model"].split())
    # Wilson (1927) for 8 of 8: n / (n + z²)
    assert (value, low, high) == (1.0, pytest.approx(8 / (8 + 1.96**2), abs=1e-3), 1.0)
    assert figures["accuracy"]["commonest label"].startswith("0.250")


class _StoppedError(Exception):
    pass


def test_a_training_that_was_stopped_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faces = drawn_set(6)
    train, dev = faces.take(np.arange(16)), faces.take(np.arange(16, 24))
    recipe = Recipe(epochs=3, batch=8)
    whole = fit(train, dev, recipe, tmp_path / "whole.pt").arrays()
    save = face_fitting._save

    def stop(*arguments: object) -> None:
        """Keep the first epoch, then fall over."""
        save(*arguments)  # pyright: ignore[reportArgumentType]
        raise _StoppedError

    monkeypatch.setattr(face_fitting, "_save", stop)
    with pytest.raises(_StoppedError):
        fit(train, dev, recipe, tmp_path / "half.pt")
    monkeypatch.setattr(face_fitting, "_save", save)
    again = fit(train, dev, recipe, tmp_path / "half.pt").arrays()
    assert all(np.array_equal(whole[key], again[key]) for key in whole)
    with pytest.raises(FaceDataError, match="other faces or settings"):
        fit(train, dev, Recipe(epochs=3, batch=8, seed=1), tmp_path / "half.pt")


def test_weights_of_another_network_are_refused() -> None:
    arrays = {**FaceNetwork(PLAN, 2).arrays(), "temperature": np.float32(1.0)}
    card = {"front_end": FRONT_END, "model": "face_network", "sha256": "0" * 64}
    good = {**card, "labels": ["anger", "happiness"]}
    assert NetworkModel(Weights("mine", arrays, good)).labels == ("anger", "happiness")
    with pytest.raises(WeightsError, match="does not name labels"):
        NetworkModel(Weights("mine", arrays, card))
    with pytest.raises(WeightsError, match="w_out"):
        NetworkModel(Weights("mine", arrays, {**card, "labels": ["anger", "fear", "sadness"]}))
    with pytest.raises(WeightsError, match="front_end"):
        NetworkModel(Weights("mine", arrays, {**good, "front_end": "colour 96"}))
