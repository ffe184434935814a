"""Markdown tables of results: all models side by side, each corpus, each condition.

Conventions
-----------
Takes the dicts that `models.training.results` reads. Figures read ``0.624 [.584, .660]``; the best
value of a row of models is bold. A dash stands for what was not measured or is not defined.
"""

from __future__ import annotations

from typing import Any

from models.training.conditions import LABELS
from models.training.examine import TABLED_SECONDS
from models.training.render import RATE
from models.training.takes import INSTRUMENTS

HEADLINE = (
    "quadrant accuracy",
    "macro F1",
    "arousal accuracy",
    "valence accuracy",
    "calibration error",
    "arousal Pearson r",
    "valence Pearson r",
    "arousal Spearman rho",
    "valence Spearman rho",
)
"""What cards and the terminal say of a model."""
GROUPS = (
    (
        *("quadrant accuracy", "macro F1", "arousal accuracy", "valence accuracy"),
        "valence accuracy within arousal halves",
    ),
    ("quadrant AUC", "arousal AUC", "valence AUC", "calibration error"),
    tuple(
        f"{axis} {name}"
        for axis in ("arousal", "valence")
        for name in ("Pearson r", "Spearman rho", "concordance", "R squared")
    ),
)
"""Figures that stand side by side in one table of a corpus: labels, probabilities, ratings."""
TITLES = {
    "panda_4q": "`panda_4q`: recordings of all genres, 30 s, no artist in two folds",
    "emopia": "`emopia`: piano scores through a soundfont never used in training, no song in two "
    "folds",
    "vgmidi": "`vgmidi`: game music for piano, the same soundfont, no series in two folds",
    "ym2413_mdb": "`ym2413_mdb`: game scores with their own instruments, the same soundfont, no "
    "game in two folds",
    "emotify": "`emotify`: recordings, emotions *felt*, no track in two folds",
}
PUBLISHED = {
    "pad_cnn": "P .652, A .609, D .522 (250 clips, three classes an axis)",
    "crnn": ".810 (84 fragments, from its own counts)",
    "cnn_lstm": ".91 (label set unknown)",
    "cnn_svm": ".90 (1,471 clips of its own)",
    "lstm_attention": ".716 (four playlist tags)",
}
"""What the papers print, by the module that rebuilds the system: other data, often other labels."""
DASH = "–"
SMALL_ERROR = 0.05
"""Calibration error that is the goal at every second."""
PICTURES = """![Accuracy and calibration error over the seconds heard](results/evidence.png)

![Change of quadrant accuracy under other conditions](results/conditions.png)

![Confidence against the share that was right](results/calibration.png)

![Confusion of the quadrants](results/confusion.png)"""


def rank(model: dict[str, Any]) -> float:
    """By what models are sorted: macro F1 on the first corpus that has quadrants."""
    for facts in model["corpora"].values():
        if "macro F1" in facts["clip"]:
            return float(facts["clip"]["macro F1"][0])
    return 0.0


def number(value: float) -> str:
    """A figure without its leading zero: .624, −.052, 1.000."""
    text = f"{abs(value):.3f}"
    return ("−" if value < 0 and float(text) else "") + (text if text[0] != "0" else text[1:])


def cell(figure: list[float] | None, *, bold: bool = False) -> str:
    """A figure with its interval."""
    if figure is None:
        return DASH
    value = f"**{number(figure[0])}**" if bold else number(figure[0])
    return value if len(figure) < 3 else f"{value} [{number(figure[1])}, {number(figure[2])}]"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def replace_between(text: str, begin: str, end: str, made: str) -> str:
    """A page with something else between two of its lines.

    Raises
    ------
    ValueError
        The page lacks one of them.
    """
    if begin not in text or end not in text:
        raise ValueError(f"the page has no {begin} and {end}")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n{made.strip()}\n\n{end}{after}"


def build(models: list[dict[str, Any]], baselines: dict[str, Any]) -> str:
    """All tables, and where the pictures lie."""
    if not models:
        return "No model has been evaluated yet.\n"
    parts = ["### All models", overview(models), PICTURES]
    for corpus, title in TITLES.items():
        present = [model for model in models if corpus in model["corpora"]]
        if present:
            parts += [
                f"### {title}",
                corpus_table(corpus, present, baselines),
                seconds_table(corpus, present[0]),
                conditions_table(corpus, present),
            ]
    return "\n\n".join(part for part in parts if part) + "\n"


def overview(models: list[dict[str, Any]]) -> str:
    """What each model is, costs and reaches on the first corpus."""
    rows = []
    for model in models:
        facts = model["corpora"].get("panda_4q", {})
        clip = facts.get("clip", {})
        delay_s = model["model_delay_samples"] / RATE
        rows.append(
            [
                f"`{model['name']}`",
                PUBLISHED.get(model["module"], DASH),
                str(facts.get("n", DASH)),
                cell(clip.get("quadrant accuracy")),
                cell(clip.get("macro F1")),
                f"{model['parameters']:,}",
                f"{model['step_us']:.1f}",
                f"{delay_s:.2f}",
                f"{model['first_answer_s']:.2f}",
            ]
        )
    head = [
        "model",
        "published",
        "n",
        "4Q accuracy here",
        "macro F1 here",
        "parameters",
        "µs a hop",
        "look-back s",
        "first answer s",
    ]
    return table(head, rows)


def corpus_table(corpus: str, models: list[dict[str, Any]], baselines: dict[str, Any]) -> str:
    """Models and baselines on one corpus: a table for each of `GROUPS` that was measured."""
    facts = models[0]["corpora"][corpus]
    mine = {
        _called(model, facts["n"], corpus): model["corpora"][corpus]["clip"] for model in models
    }
    theirs = {
        name: clip
        for name, clip in baselines["corpora"].get(corpus, {}).items()
        if isinstance(clip, dict)
    }
    split = f"n = {facts['n']} in {facts['groups']} groups; division {facts['split']}."
    tables = [_figures_table(group, mine, theirs) for group in GROUPS]
    return "\n\n".join([split, *(one for one in tables if one)])


def _called(model: dict[str, Any], usual: int, corpus: str) -> str:
    """Name of a model, with the number of clips that it heard where that is not the usual one."""
    n = model["corpora"][corpus]["n"]
    return f"`{model['name']}`" + ("" if n == usual else f" (n = {n})")


def _figures_table(group: tuple[str, ...], mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Some figures of those for whom any of them was measured; nothing where there are none."""
    everyone = {**mine, **theirs}
    figures = [name for name in group if any(name in clip for clip in everyone.values())]
    best = {name: _best(name, list(mine.values())) for name in figures}
    rows = [
        [
            who,
            *(
                cell(clip.get(name), bold=who in mine and clip.get(name) == best[name])
                for name in figures
            ),
        ]
        for who, clip in everyone.items()
        if any(name in clip for name in figures)
    ]
    return table(["", *figures], rows) if figures else ""


def _best(name: str, clips: list[dict[str, Any]]) -> list[float] | None:
    found = [clip[name] for clip in clips if name in clip]
    if len(found) < 2:
        return None
    return (min if name == "calibration error" else max)(found, key=lambda figure: figure[0])


def seconds_table(corpus: str, model: dict[str, Any]) -> str:
    """The answers of one model at some instants; nothing where the corpus has no quadrants."""
    seconds = model["corpora"][corpus].get("seconds", {})
    heard = [second for second in TABLED_SECONDS if str(second) in seconds]
    rows = [
        [figure, *(cell(seconds[str(second)][figure]) for second in heard)]
        for figure in ("macro F1", "arousal accuracy", "valence accuracy", "calibration error")
    ]
    head = [f"`{model['name']}` at one instant, heard", *(f"{second} s" for second in heard)]
    if not heard:
        return ""
    errors = {second: facts["calibration error"][0] for second, facts in seconds.items()}
    worst = max(errors, key=lambda second: errors[second])
    fine = sum(error <= SMALL_ERROR for error in errors.values())
    return (
        f"{table(head, rows)}\n\nCalibration error at every second: at most "
        f"{number(errors[worst])} (at {worst} s), {number(SMALL_ERROR)} or less at {fine} of "
        f"{len(errors)}."
    )


def conditions_table(corpus: str, models: list[dict[str, Any]]) -> str:
    """Change of quadrant accuracy under each condition, a column a model."""
    present = [model for model in models if model["conditions"].get(corpus)]
    if not present:
        return ""
    labels = {**LABELS, **{name: title for name, (title, _) in INSTRUMENTS.items()}}
    rows = []
    for condition, label in labels.items():
        found = [model["conditions"][corpus].get(condition) for model in present]
        if not any(found):
            continue
        rows.append([label])
        for place, one in enumerate(found):
            figure = one and one["quadrant accuracy"]
            # intervals of one model only, the best: the table stays readable
            change = figure and cell(figure["change"][: 3 if place == 0 else 1])
            rows[-1].append(f"{number(figure['value'][0])} ({change})" if figure else DASH)
    head = ["quadrant accuracy (change against the same clips as they are)"]
    return table([*head, *(f"`{model['name']}`" for model in present)], rows)
