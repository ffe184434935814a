"""The examination of the personal model: what it measures is what was put in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.personal_features import FEATURES
from models.training.corpora import GEMS, Clip
from models.training.personal_course import STEPS, Course, attend
from models.training.personal_evidence import _half, _rest, examine_simulated, sum_up
from models.training.personal_hearing import Heard
from models.training.personal_listeners import (
    KINDS,
    SLIPS,
    population,
    quadrants_at,
    read_pseudo_listeners,
    simulate,
)
from models.training.personal_picture import draw, write_personal

COUNT = 120


@pytest.fixture(scope="module")
def heard() -> Heard:
    """A corpus of which the base is right."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.7, 0.7, (COUNT, 2))
    clips = [
        Clip(Path(f"{n}.wav"), 0, f"group {n // 2}", "toy", (1 + a) / 2, (1 + v) / 2)
        for n, (v, a) in enumerate(points.tolist())
    ]
    return Heard(clips, points, rng.standard_normal((COUNT, len(FEATURES))), ("0" * 12,))


def test_people_in_general_hear_what_they_were_asked_and_the_labelled_side(heard: Heard) -> None:
    assert population(heard) == pytest.approx(heard.points)
    labelled = Heard([Clip(Path("x"), 3, "g")], np.asarray([[0.4, -0.3]]), np.zeros((1, 12)), ())
    assert population(labelled) == pytest.approx(np.asarray([[-0.4, -0.3]]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_listener_differs_from_people_in_general_as_the_kind_says(
    kind: str, heard: Heard
) -> None:
    listener = simulate(kind, heard, np.random.default_rng(1))
    moved = listener.points - heard.points
    if kind in ("unbiased", "swapped words"):
        assert np.abs(moved).max() < 1e-12
    elif kind == "bias":
        inside = np.abs(listener.points) < 1.0
        assert np.abs(moved[inside]) == pytest.approx(0.3)
    else:
        assert np.abs(moved).max() > 0.1
    slips = np.mean(listener.words != listener.quadrants)
    assert slips == pytest.approx(SLIPS * 3 / 4, abs=0.1)
    if kind == "swapped words":
        assert (listener.quadrants != quadrants_at(listener.points)).any()


def test_there_are_no_other_kinds(heard: Heard) -> None:
    with pytest.raises(ValueError, match="unbiased"):
        simulate("moody", heard, np.random.default_rng(0))


def test_no_group_is_taught_and_examined(heard: Heard) -> None:
    examined = _half(heard, np.random.default_rng(0))
    groups = np.asarray([clip.group for clip in heard.clips])
    assert not set(groups[examined]) & set(groups[~examined])
    assert examined.sum() == COUNT / 2


def test_what_is_taught_is_never_examined_and_the_base_is_step_zero(heard: Heard) -> None:
    listener = simulate("bias", heard, np.random.default_rng(1))
    examined = _half(heard, np.random.default_rng(0))
    truth = quadrants_at(listener.points[examined])
    base = np.mean(quadrants_at(heard.points[examined]) == truth)
    for course in (Course("points"), Course("words", asks="uncertain"), Course("points", "bias")):
        report = attend(course, listener, heard, np.random.default_rng(0), examined)
        assert report.accuracy[0] == base
        assert len(report.accuracy) == len(STEPS)
    none = attend(Course("points", "none"), listener, heard, np.random.default_rng(0), examined)
    assert set(none.accuracy) == {base}


def test_a_bias_that_was_put_in_is_found_removed(heard: Heard) -> None:
    found = examine_simulated(heard, listeners=6)["kinds"]
    removed = found["bias"]["points"]["bias removed"]
    assert removed[0][0] == 0.0
    assert removed[STEPS.index(15)][0] > 0.7
    assert found["bias"]["points"]["gain"][STEPS.index(15)][0] > 0.05
    assert found["unbiased"]["points"]["accuracy"][0][0] == 1.0  # the base is right here
    assert list(found["swapped words"]) == [name for name in found["bias"] if name[0] == "w"]


def test_intervals_are_over_listeners(heard: Heard) -> None:
    listener = simulate("bias", heard, np.random.default_rng(1))
    examined = _half(heard, np.random.default_rng(0))
    report = attend(Course("points"), listener, heard, np.random.default_rng(0), examined)
    alike = sum_up([report] * 5)
    value, low, high = alike["gain"][-1]
    assert value == pytest.approx(low) == pytest.approx(high)
    assert alike["harmed"][-1] in (0.0, 1.0)


def test_pseudo_listeners_are_rows_of_one_age_gender_and_tongue(
    heard: Heard, tmp_path: Path
) -> None:
    head = [*GEMS, "age", "gender", "mother_tongue", "file"]
    rows = []
    rng = np.random.default_rng(0)
    for who, count in ((("30", "0", "Dutch"), 60), (("40", "1", "Greek"), 20)):
        for n in range(count):
            felt = map(str, rng.integers(0, 2, len(GEMS)))
            rows.append(",".join([*felt, *who, f"audio/{n}.wav"]))
    (tmp_path / "emotify").mkdir()
    (tmp_path / "emotify" / "ratings.csv").write_text("\n".join([",".join(head), *rows]))
    (listener,) = read_pseudo_listeners(heard, tmp_path)
    assert listener.rows.tolist() == list(range(60))
    assert (listener.quadrants == quadrants_at(listener.points)).all()
    examined = _rest(listener, np.random.default_rng(0))
    assert (~examined).sum() == 31


def test_tables_and_picture_are_made_of_the_results(heard: Heard, tmp_path: Path) -> None:
    simulated = examine_simulated(heard, listeners=3)
    courses = simulated["kinds"]["bias"]
    found = {
        "steps": list(STEPS),
        "least tracks": 40,
        "simulated": {"toy": simulated},
        "emotify": {"n": 9, "listeners": 3, "ratings": [40, 50, 60], "courses": courses},
    }
    text = write_personal(found)
    assert "`toy`: bias" in text
    gain = 100 * courses["points"]["gain"][STEPS.index(15)][0]
    assert f"{gain:+.1f} [" in text
    draw(found, tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
