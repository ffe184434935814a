"""What people and machines are shown of a game."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from oscbridge.conversation import Heard
from oscbridge.play.band import Band
from oscbridge.play.game import Scene
from oscbridge.play.journal import Journal
from oscbridge.play.lines import JsonLines, Sentences, summary_lines
from oscbridge.play.score import BAR, LAYERS
from oscbridge.play.window import LEAST_COLUMNS, LEAST_ROWS, Window
from oscbridge.play.world import FEAST, FIGHT, World

if TYPE_CHECKING:
    from oscbridge.play.records import Record

LAG_S = 5.0


def story(journal: Journal, band: Band) -> list[Record]:
    """Twenty seconds: the feast is heard, the fight is not."""
    records = [journal.enter(FEAST, 1.0)]
    records.append(journal.turn(1, band.schedule(1, "bar", 4.0), 1.0))
    said: list[tuple[float, str, tuple[int | float | str, ...]]] = [
        (1.1, "request/state", (1, "sent")),
        (2.0, "request/state", (1, "started")),
        (3.0, "player/valence", (0.7,)),
        (3.0, "player/arousal", (0.6,)),
        (3.5, "va", (0.5, 0.8)),
        (3.5, "status", ("listening", "the game")),
        (3.5, "quadrant/enter", (1, "hap\x1b[2Jpy", 0.75)),
        (3.7, "request/state", (1, "done")),
        (3.9, "segment/boundary", (1, 1500, 0.9)),
        (4.0, "heartbeat", (4, 4000)),
    ]
    for at_s, name, arguments in said:
        record = journal.take(Heard(name, arguments), at_s)
        if record is not None:
            records.append(record)
    for tick in range(40, 200):
        record = journal.update(FEAST, band.levels, tick / 10.0, 0.1)
        if record is not None:
            records.append(record)
    records.append(journal.enter(FIGHT, 20.0))
    records.append(journal.summary(20.0))
    return records


@pytest.fixture
def band() -> Band:
    played = Band(4)
    played.render(BAR // 2)
    return played


def test_the_summary_says_how_long_the_music_needed_and_how_often_it_agreed(band: Band) -> None:
    journal = Journal(LAG_S)
    story(journal, band)
    summary = journal.summary(20.0)
    feast, fight = summary.changes
    assert (feast.asked_s, feast.started_s, feast.done_s) == (1.0, 2.0, 3.7)
    assert feast.needed_s == pytest.approx(3.0)
    assert feast.promised_s == pytest.approx((BAR + 40_000) / 24_000 + LAG_S)
    assert fight.started_s is fight.needed_s is None
    assert summary.agreement == pytest.approx(1.0)
    assert journal.boundaries == [pytest.approx(2.4)]
    assert summary_lines(summary) == [
        "feast   music began after 1.0 s, was heard as such after 3.0 s",
        "fight   was left before its music began",
        "music and player were in the same quadrant 100% of the time; 1 new sections were heard",
    ]


def test_machines_get_one_json_object_a_line(
    band: Band, capsys: pytest.CaptureFixture[str]
) -> None:
    view = JsonLines()
    for record in story(Journal(LAG_S), band):
        view.tell(record)
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [record["type"] for record in said]
    assert kinds[:3] == ["place", "turn", "request"]
    assert kinds.count("moment") == 16
    assert kinds[-1] == "summary"
    moment = said[kinds.index("moment")]
    assert moment["player"] == [0.7, 0.6]
    assert moment["music"] == [0.5, 0.8]
    assert len(moment["levels"]) == len(LAYERS)


def test_logs_get_a_sentence_for_each_thing_that_happens(
    band: Band, capsys: pytest.CaptureFixture[str]
) -> None:
    view = Sentences()
    for record in story(Journal(LAG_S), band):
        view.tell(record)
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert said.splitlines()[:3] == [
        " 0:01.0  you come to the feast; asked for music of valence +0.7, arousal +0.7",
        " 0:01.0  request 1: the band turns on bar 1",
        " 0:01.1  request 1: sent",
    ]


def test_the_smallest_terminal_holds_the_window(
    band: Band, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(LEAST_COLUMNS))
    monkeypatch.setenv("LINES", str(LEAST_ROWS))
    journal = Journal(LAG_S)
    story(journal, band)
    window = Window(lambda: "sound: a loudspeaker with quite a long name " * 4)
    window.draw(Scene(20.0, 90.0, True, World(), band, journal))
    window.close()
    window.close()
    lines = capsys.readouterr().out.rstrip("\n").splitlines()
    assert len(lines) < LEAST_ROWS
    assert max(map(cell_len, lines)) <= LEAST_COLUMNS
    shown = "\n".join(lines)
    for words in ("forest", "feast", "fight", "ruin", "request 1: done", "0:02.4", "100%"):
        assert words in shown
    assert "\x1b" not in shown
    for layer in LAYERS:
        assert layer.name in shown
