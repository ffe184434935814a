"""Results of evaluations: one small JSON a model, and the tables made from them.

Conventions
-----------
``models/results/<name>.json`` is what `models.training.evaluate` found: figures are
``[value, low, high]``. Tables in the README are text made from these files and from nothing else,
between two markers; a test holds the page to the files.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.intervals import Estimate
from models.training import studies, tables
from models.training.corpora import CORPORA
from models.weights import FOLDER as WEIGHTS

if TYPE_CHECKING:
    from models.training.cohort import Contender

FOLDER = Path(__file__).parent.parent / "results"
README = Path(__file__).parent.parent / "README.md"
BASELINES = "baselines"
BEGIN = "<!-- results: begin -->"
END = "<!-- results: end -->"


def describe(contender: Contender) -> dict[str, Any]:
    """What a model is, as far as the results tell it."""
    weights = contender.folds[0]
    model = contender.load(0)
    return {
        "name": contender.name,
        "module": contender.module,
        "folds": [fold.digest for fold in contender.folds],
        "parameters": int(sum(array.size for array in weights.arrays.values())),
        "model_delay_samples": int(model.delay),
    }


def write(folder: Path, name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Write results; what an earlier run found of other corpora and conditions is kept.

    Returns
    -------
    dict
        What was written.
    """
    path = folder / f"{name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before.get("folds") == found.get("folds"):
            for part in {"corpora", "conditions"} & found.keys():
                found = {**found, part: _merge(before.get(part, {}), found[part])}
    path.write_text(to_text(found), encoding="utf-8")
    return found


def to_text(found: dict[str, Any]) -> str:
    """Results as JSON, innermost lists on one line: a diff shows a figure whole."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: re.sub(r"\s+", " ", m[0]), text)
    return text.replace("[ ", "[").replace(" ]", "]") + "\n"


def _merge(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Corpora of both, of conditions also the conditions of both; what is new counts.

    Corpora stand in the order of `CORPORA`, so that the same one is always named first.
    """
    merged = {**before, **now}
    for corpus in before.keys() & now.keys():
        if "n" not in now[corpus]:
            merged[corpus] = {**before[corpus], **now[corpus]}
    known = [key for key in CORPORA if key in merged]
    others = [key for key in merged if key not in CORPORA]
    return {key: merged[key] for key in (*known, *others) if merged[key]}


def read_all(folder: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Results of all models, the best first, and those of the baselines."""
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}
    models = [one for one in found.values() if "module" in one]
    models.sort(key=lambda one: -tables.rank(one))
    return models, found.get(BASELINES, {"corpora": {}})


def read_studies(folder: Path) -> dict[str, dict[str, Any]]:
    """Results of the studies beside the evaluation that were made, by their name."""
    paths = {name: folder / f"{name}.json" for name in studies.TABLES}
    return {name: _read(path) for name, path in paths.items() if path.is_file()}


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write_tables(page: Path, folder: Path) -> None:
    """Write the tables between the markers of a page; a page without markers stays as it is."""
    text = page.read_text(encoding="utf-8")
    if BEGIN in text and END in text:
        page.write_text(with_tables(text, folder), encoding="utf-8")


def with_tables(text: str, folder: Path) -> str:
    """The page with the tables that the results in ``folder`` make."""
    models, baselines = read_all(folder)
    made = tables.build(models, baselines) + studies.build(read_studies(folder))
    return tables.replace_between(text, BEGIN, END, made)


def card_figures(found: dict[str, Any]) -> dict[str, Any]:
    """The figures of a model card (`models.cards`), a text for each corpus."""
    figures: dict[str, Any] = {
        "n": {corpus: facts["n"] for corpus, facts in found["corpora"].items()},
        "split": "five folds of every corpus, no artist, song, series, game or track in two; "
        + ", ".join(f"{corpus} {facts['split']}" for corpus, facts in found["corpora"].items()),
        "interval": "95 %, bootstrap over groups, 2,000 draws",
        "source": f"models/results/{found['name']}.json",
    }
    for name in tables.HEADLINE:
        texts = {
            corpus: str(Estimate(*facts["clip"][name]))
            for corpus, facts in found["corpora"].items()
            if name in facts["clip"]
        }
        if texts:
            figures[name] = texts
    return figures


def write_card(found: dict[str, Any], folder: Path = WEIGHTS) -> bool:
    """Write the figures into the card of the shipped model; false where none is shipped."""
    path = folder / f"{found['name']}.json"
    if not path.is_file():
        return False
    card = json.loads(path.read_text(encoding="utf-8"))
    card["figures"] = card_figures(found)
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


def headline(found: dict[str, Any]) -> str:
    """A few lines for the terminal."""
    lines = [f"{found['name']} ({', '.join(found['folds'])})"]
    for corpus, facts in found["corpora"].items():
        figures = "  ".join(
            f"{name} {facts['clip'][name][0]:.3f} [{facts['clip'][name][1]:.3f}, "
            f"{facts['clip'][name][2]:.3f}]"
            for name in tables.HEADLINE
            if name in facts["clip"]
        )
        lines.append(f"  {corpus} (n = {facts['n']}): {figures}")
    return "\n".join(lines)
