"""Cards: what they must say, and what they cost."""

from typing import Any

import pytest

from models.cards import CardError, Data, build_card, read_card, training_cost


def card(**changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "model": "music",
        "task": "hears",
        "answers_every_s": 0.5,
        "data": [Data("a set", 12, "CC BY", non_commercial=False)],
        "licence": "any use",
        "licence_short": "any",
        "intended_use": "trials",
        "limits": ["it is made up"],
        "figures": {"n": 3, "split": "s", "interval": "i", "quadrant accuracy": "0.5 [0.4, 0.6]"},
        "training": training_cost(60.0, cores=2),
    }
    return build_card(**facts | changed)


def whole(**changed: Any) -> dict[str, Any]:
    return {"name": "music", "sha256": "0", "parameters": 1, **card(**changed)}


def test_what_was_built_is_read() -> None:
    facts = read_card(whole(fixture=[1.0]))
    assert facts.kind == "affect"
    assert facts.data[0].clips == 12
    assert facts.figure("quadrant accuracy") == "0.5 [0.4, 0.6]"
    assert facts.figure("no such figure") == ""


@pytest.mark.parametrize(
    "fact", ["task", "data", "licence", "licence_short", "limits", "intended_use"]
)
def test_a_card_that_leaves_something_out_is_refused(fact: str) -> None:
    with pytest.raises(CardError, match=fact):
        card(**{fact: "" if isinstance(card()[fact], str) else []})
    left_out = whole()
    del left_out[fact]
    with pytest.raises(CardError, match=fact):
        read_card(left_out)


def test_models_of_affect_say_how_right_they_are_and_others_need_not() -> None:
    with pytest.raises(CardError, match="interval, quadrant accuracy"):
        card(figures={"n": 3, "split": "s"})
    assert read_card(whole(kind="gate", figures={"ROC-AUC": "0.9"})).kind == "gate"
    with pytest.raises(CardError, match="kind"):
        card(kind="oracle")


@pytest.mark.parametrize(
    "figure",
    [
        "0.7 [0.6, 0.8]",
        {"majority": "0.25", "model": "0.7 [0.6, 0.8]"},
        {"panda_4q": "0.7 [0.6, 0.8]", "emopia": "0.4 [0.3, 0.5]"},
        {"panda_4q": {"trees": "0.6", "model": "0.7 [0.6, 0.8]"}},
    ],
)
def test_the_model_s_own_figure_is_found_in_every_form(figure: Any) -> None:
    figures = {"n": 3, "split": "s", "interval": "i", "quadrant accuracy": figure}
    assert read_card(whole(figures=figures)).figure("quadrant accuracy") == "0.7 [0.6, 0.8]"


def test_energy_is_power_times_time() -> None:
    assert training_cost(3600.0, cores=2).energy_kwh == pytest.approx(0.03)
    with_gpu = training_cost(3600.0, cores=2, accelerator="H200")
    assert with_gpu.energy_kwh == pytest.approx(0.53)
    assert with_gpu.carbon_kg == pytest.approx(0.53 * 0.48, rel=0.05)
    assert "H200" in with_gpu.hardware
