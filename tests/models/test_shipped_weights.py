"""The weights that ship: they open, refuse other input than theirs, and claim what they may."""

import pytest

from dsp.features import FeatureSettings, build_layout
from models import catalogue
from models.base import AffectModel
from models.cards import read_card
from models.music import MusicModel
from models.training import results
from models.weights import FOLDER, Weights, WeightsError, names, read_weights


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
    assert names() == sorted(path.stem for path in FOLDER.glob("*.json"))
    assert {"music"} <= set(catalogue.names()) <= set(names())
    for name in catalogue.names():
        model = catalogue.load(name)
        assert isinstance(model, AffectModel)
        assert model.name == name
    with pytest.raises(KeyError):
        catalogue.load("no such model")


def test_every_card_says_what_a_user_must_know() -> None:
    for name in names():
        facts = read_card(read_weights(name).card)
        assert facts.training.seconds > 0, f"the card of {name} does not say what it cost"
        if facts.kind == "affect":
            counts = facts.figures["n"]
            assert all(n > 0 for n in (counts.values() if isinstance(counts, dict) else [counts]))


def test_the_claims_of_the_card_are_above_the_commonest_answer_by_more_than_their_interval() -> (
    None
):
    figures = read_weights("music").card["figures"]["quadrant accuracy"]
    baselines = results.read_all(results.FOLDER)[1]["corpora"]
    assert {"panda_4q", "emopia", "vgmidi", "ym2413_mdb"} <= set(figures)
    for corpus, text in figures.items():
        _, low, _ = (float(part.strip("[],")) for part in text.split())
        assert low > baselines[corpus]["majority"]["quadrant accuracy"][0], corpus
