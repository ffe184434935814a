"""Results as pages, cards and tables: they say what was found."""

import json
from pathlib import Path

import pytest

from models.cards import REQUIRED_FIGURES
from models.training import results, tables
from models.weights import FOLDER as WEIGHTS


def test_the_page_says_what_the_results_say() -> None:
    page = results.README.read_text(encoding="utf-8")
    assert results.with_tables(page, results.FOLDER) == page


def test_cards_of_examined_models_say_what_the_results_say() -> None:
    examined = []
    for card in WEIGHTS.glob("*.json"):
        said = json.loads(card.read_text(encoding="utf-8"))["figures"]
        if said.get("source") == f"models/results/{card.name}":
            found = json.loads((results.FOLDER / card.name).read_text(encoding="utf-8"))
            assert said == results.card_figures(found)
            examined.append(card.stem)
    assert "music" in examined


def test_a_card_takes_the_figures_and_keeps_everything_else(tmp_path: Path) -> None:
    clip = {"quadrant accuracy": [0.5, 0.4, 0.6], "macro F1": [0.48, 0.39, 0.59]}
    found = {"name": "toy", "corpora": {"panda_4q": {"n": 9, "split": "abc", "clip": clip}}}
    assert not results.write_card(found, tmp_path)
    (tmp_path / "toy.json").write_text('{"name": "toy", "sha256": "ab", "figures": {"n": 1}}')
    assert results.write_card(found, tmp_path)
    card = json.loads((tmp_path / "toy.json").read_text())
    assert card["sha256"] == "ab"
    assert card["figures"]["quadrant accuracy"] == {"panda_4q": "0.500 [0.400, 0.600]"}
    assert set(REQUIRED_FIGURES) <= set(card["figures"])


def test_figures_are_written_without_leading_zeros_and_with_their_sign() -> None:
    assert tables.cell([0.6244, 0.584, 0.66]) == ".624 [.584, .660]"
    assert tables.cell([1.0, 0.9999, 1.0]) == "1.000 [1.000, 1.000]"
    assert tables.number(-0.0521) == "−.052"
    assert tables.number(-0.0001) == ".000"
    assert tables.cell(None) == "–"


def test_what_stands_between_two_lines_of_a_page_is_replaced_and_nothing_else() -> None:
    page = "one\n<a>\nold\n<b>\ntwo\n"
    assert tables.replace_between(page, "<a>", "<b>", "new\n") == "one\n<a>\n\nnew\n\n<b>\ntwo\n"
    with pytest.raises(ValueError, match="the page has no <a> and <c>"):
        tables.replace_between(page, "<a>", "<c>", "new")
