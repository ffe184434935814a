"""``oscbridge simulate``: a table, one JSON object, a picture; it says what it is not."""

from __future__ import annotations

import json

import pytest
from matplotlib.image import imread

from oscbridge.cli import main

SHORT = ["simulate", "--seeds", "1", "--seconds", "120", "--players", "positive", "weak"]
DRIVERS = ["--drivers", "goal at once", "compensate", "--judge", "compensate"]


def test_it_prints_times_goals_and_that_nobody_real_was_there(capsys):
    status = main([*SHORT, *DRIVERS])
    out = capsys.readouterr().out
    for word in ("positive", "weak", "compensate", "oracle", "violations of dwell and safety: 0"):
        assert word in out
    assert "it says nothing about people" in out
    assert status == int("NOT REACHED" in out)


def test_its_json_has_every_figure_with_its_interval_and_the_picture_is_drawn(tmp_path, capsys):
    picture = tmp_path / "loop.png"
    main([*SHORT, *DRIVERS, "--json", "--plot", str(picture)])
    study = json.loads(capsys.readouterr().out)
    assert set(study["drivers"]) == {"goal at once", "compensate", "oracle"}
    mean, low, high = study["drivers"]["compensate"]["all"]["time_s"]
    assert low <= mean <= high <= 120.0
    assert study["violations"] == 0
    assert "nothing about people" in study["caveat"]
    assert imread(picture).shape[:2] > (800, 1200)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--players", "wek"], "no kind of player 'wek'. Did you mean 'weak'?"),
        (["--drivers", "izo"], "no driver 'izo'. Did you mean 'iso'?"),
        (["--judge", "shuffle"], "no strategy to judge 'shuffle'"),
        (["--seconds", "20"], "a session needs 120 s or more, not 20."),
        (["--plot", "loop.txt"], "--plot writes .png, .svg, .pdf"),
    ],
)
def test_what_cannot_be_simulated_is_one_line(words, complaint, capsys):
    assert main(["simulate", *words]) == 2
    err = capsys.readouterr().err
    assert complaint in err
    assert err.count("\n") == 1
