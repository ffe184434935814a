"""Weight files: verified before use."""

import io
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from dsp.features import FeatureSettings, build_layout
from models import catalogue
from models.base import AffectModel
from models.music import MusicModel
from models.weights import FOLDER, Weights, WeightsError, names, read_weights, write_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small model in it."""
    write_weights("small", {"w": np.arange(6.0).reshape(2, 3)}, {"layout": "abc"}, tmp_path)
    return tmp_path


def test_what_was_written_is_read(folder: Path) -> None:
    weights = read_weights("small", folder)
    assert np.array_equal(weights.arrays["w"], np.arange(6.0).reshape(2, 3))
    assert weights.card["name"] == "small"
    assert weights.card["sha256"].startswith(weights.digest)


def test_one_changed_byte_is_refused(folder: Path) -> None:
    blob = bytearray((folder / "small.npz").read_bytes())
    blob[len(blob) // 2] ^= 1
    (folder / "small.npz").write_bytes(blob)
    with pytest.raises(WeightsError, match="damaged"):
        read_weights("small", folder)


@pytest.mark.parametrize("missing", ["small.npz", "small.json"])
def test_a_missing_file_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        read_weights("small", folder)


def test_pickled_objects_are_never_loaded(folder: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[type, tuple[str]]:
            return (Path.touch, (folder / "exploded",))  # type: ignore[return-value]

    memory = io.BytesIO()
    np.savez(memory, w=np.asarray([Bomb()], dtype=object))
    (folder / "small.npz").write_bytes(memory.getvalue())
    card = json.loads((folder / "small.json").read_text())
    import hashlib

    card["sha256"] = hashlib.sha256(memory.getvalue()).hexdigest()
    (folder / "small.json").write_text(json.dumps(card))
    with pytest.raises((ValueError, pickle.UnpicklingError)):
        read_weights("small", folder)
    assert not (folder / "exploded").exists()


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    write_weights("bad", {"w": np.asarray([1.0, np.nan])}, {}, tmp_path)
    with pytest.raises(WeightsError, match="not finite"):
        read_weights("bad", tmp_path)


@pytest.mark.parametrize("key", ["layout", "front_end"])
def test_a_model_refuses_input_that_it_was_not_trained_on(key: str) -> None:
    shipped = read_weights("music")
    other = Weights("music", shipped.arrays, {**shipped.card, key: "something else"})
    with pytest.raises(WeightsError, match=f"trained on {key}"):
        MusicModel(other)


def test_a_model_refuses_other_feature_settings() -> None:
    with pytest.raises(WeightsError, match="trained on layout"):
        MusicModel(read_weights("music"), build_layout(FeatureSettings(fmax=8000.0)))


def test_every_shipped_model_opens_and_keeps_the_contract() -> None:
    assert names() == catalogue.names() == sorted(path.stem for path in FOLDER.glob("*.json"))
    assert "music" in names()
    for name in names():
        model = catalogue.load(name)
        assert isinstance(model, AffectModel)
        assert model.name == name
    with pytest.raises(KeyError):
        catalogue.load("no such model")


def test_every_card_says_what_a_user_must_know() -> None:
    for name in names():
        card = read_weights(name).card
        for key in ("task", "trained_on", "licence", "figures", "limits", "recipe", "fixture"):
            assert card[key], f"the card of {name} says nothing of {key}"
        assert card["figures"]["n"] > 0


def test_the_readme_tells_the_figures_of_the_card() -> None:
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    figures = read_weights("music").card["figures"]
    for name in ("quadrant accuracy", "macro F1", "arousal accuracy", "valence accuracy"):
        for value in figures[name].values():
            assert value in readme, f"models/README.md does not tell {name} {value}"
    assert figures["calibration error"] in readme
    for row in figures["confusion, rows truth Q1-Q4, columns guess"]:
        assert " | ".join(str(count) for count in row) in readme
    assert f"n = {figures['n']} clips of {figures['artists']} artists" in readme


def test_the_claims_of_the_card_are_above_chance_by_more_than_their_interval() -> None:
    value, low, _ = (
        float(part.strip("[],"))
        for part in read_weights("music").card["figures"]["quadrant accuracy"]["model"].split()
    )
    assert value >= 0.55
    assert low > 0.25
