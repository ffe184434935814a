"""Which models there are: the shipped ones and the user's own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import catalogue
from models.base import AffectModel, NoteModel
from models.weights import FOLDER, WeightsError, read_weights, write_weights


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder of the user's own models."""
    monkeypatch.setenv("OSCBRIDGE_MODELS", str(tmp_path))
    return tmp_path


def copy_of_music(folder: Path, name: str, **facts: Any) -> None:
    weights = read_weights("music")
    write_weights(name, weights.arrays, {**weights.card, **facts}, folder)


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "home/.local/share/oscbridge/models"),
        ("linux", {"XDG_DATA_HOME": "data"}, "data/oscbridge/models"),
        ("darwin", {}, "home/Library/Application Support/oscbridge/models"),
        ("win32", {"APPDATA": "roaming"}, "roaming/oscbridge/models"),
        ("win32", {}, "home/AppData/Roaming/oscbridge/models"),
        ("linux", {"OSCBRIDGE_MODELS": "mine"}, "mine"),
    ],
)
def test_own_models_lie_where_this_system_keeps_data(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], folder: str
) -> None:
    for name in ("XDG_DATA_HOME", "APPDATA", "OSCBRIDGE_MODELS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("home"))
    assert catalogue.own_folder() == Path(folder)


def test_without_a_folder_of_own_models_there_are_the_shipped_ones(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSCBRIDGE_MODELS", str(own / "nowhere"))
    assert "music" in catalogue.names()
    assert not any(entry.own for entry in catalogue.entries())


def test_an_own_model_is_run_by_the_module_that_its_card_names(own: Path) -> None:
    copy_of_music(own, "mine", model="music")
    assert "mine" in catalogue.names()
    model = catalogue.load("mine")
    assert isinstance(model, AffectModel)
    assert model.name == "mine"
    assert catalogue.find("mine").own


def test_a_model_of_another_kind_is_listed_but_cannot_be_chosen(own: Path) -> None:
    copy_of_music(own, "gatekeeper", kind="gate", model="music")
    assert "gatekeeper" in [entry.name for entry in catalogue.entries()]
    assert "gatekeeper" not in catalogue.names()
    with pytest.raises(KeyError):
        catalogue.load("gatekeeper")


def test_two_models_of_one_name_are_told_instead_of_choosing_one(own: Path) -> None:
    copy_of_music(own, "music")
    (entry,) = [entry for entry in catalogue.entries() if entry.own]
    assert "name of a shipped model" in entry.trouble
    assert not catalogue.find("music").own
    with pytest.raises(WeightsError, match="two models 'music'"):
        catalogue.load("music")


@pytest.mark.parametrize("module", ["training.own.__main__", "os", "nowhere", "weights"])
def test_an_own_model_never_runs_code_that_no_shipped_model_is_run_by(
    own: Path, module: str
) -> None:
    copy_of_music(own, "mine", model=module)
    with pytest.raises(WeightsError, match=f"wants to be run by '{module}'"):
        catalogue.load("mine")


def test_arrays_of_another_kind_of_model_are_one_sentence(own: Path) -> None:
    card = read_weights("music").card | {"model": "music"}
    write_weights("mine", {"nonsense": np.zeros(3)}, card, own)
    with pytest.raises(WeightsError, match="'mine'"):
        catalogue.load("mine")


def test_a_broken_card_is_listed_with_what_is_wrong(own: Path) -> None:
    copy_of_music(own, "mine", model="music")
    (own / "mine.json").write_text("{")
    entry = catalogue.find("mine")
    assert "no JSON" in entry.trouble
    with pytest.raises(WeightsError, match="no JSON"):
        catalogue.load("mine")


def test_a_card_without_its_arrays_is_no_model(own: Path) -> None:
    shutil.copy(FOLDER / "music.json", own / "lonely.json")
    assert "lonely" not in [entry.name for entry in catalogue.entries()]


def test_models_of_notes_are_chosen_apart_from_those_of_sound() -> None:
    notes = catalogue.names("notes")
    assert catalogue.DEFAULT_NOTES in notes
    assert not set(notes) & set(catalogue.names())
    assert all(isinstance(catalogue.load_notes(name), NoteModel) for name in notes)
    with pytest.raises(KeyError, match="music"):
        catalogue.load_notes("music")
    with pytest.raises(KeyError, match="symbolic"):
        catalogue.load("symbolic")
