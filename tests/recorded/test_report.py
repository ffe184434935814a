"""The report: what its page says against a record that was made by hand, and how it compares."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from oscbridge.cli import main
from oscbridge.recorded.reader import Head, choose_session
from oscbridge.report.comparison import compare
from oscbridge.report.course import Course, Request, read_course
from tests.recorded.session import record

HEAD = {"record": 2, "version": "0.1.0", "started": "2026-05-04T10:11:12.345Z"}


def said(time_s: float, signal: str, *args: object) -> dict:
    return {"time_s": time_s, "signal": signal, "address": f"/x/{signal}", "args": args}


def pulse(time_s: float, bpm: float) -> dict:
    fields = {"source": "hr", "bpm": bpm, "resting_bpm": 60.0}
    turn = {"now_s": time_s, "states": 0, "in": [["Pulse", fields]]}
    return {"time_s": time_s, "turn": turn}


def write(path: Path, *lines: dict) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in (HEAD, *lines)), "utf-8")
    return path


def request(number: int, at_s: float, label: str, *states: tuple[float, str]) -> list[dict]:
    whole = (number, 0.5, -0.25, 0.4, 0.5, "crossfade", "bar", 4.0, 8.0, 0.0, "player")
    lines = [said(at_s, "request/label", label), said(at_s, "request", *whole)]
    return lines + [said(when, "request/state", number, state) for when, state in states]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    path = write(
        tmp_path / "s.jsonl",
        said(5.0, "player/confidence", 0.8),
        said(5.0, "player/valence", -0.5),
        said(5.0, "player/arousal", 0.25),
        *request(1, 7.0, "calm <b>", (7.0, "sent"), (9.0, "started"), (11.0, "done")),
        *request(2, 20.0, "happy", (20.0, "sent"), (50.0, "expired")),
        said(25.0, "player/confidence", 0.0),
        said(65.0, "policy/decision", "fine", "All is well."),
        said(66.0, "policy/decision", "fine", "All is still well."),
    )
    return read_course(choose_session(path, None))


def test_values_hold_until_they_are_said_again_and_nothing_is_known_before_or_after(course):
    felt = course.felt[0].at(np.array([0.0, 15.0, 19.9, 20.1, 60.0]))
    np.testing.assert_array_equal(felt[1:], [-0.5, -0.5, np.nan, np.nan])
    assert course.length_s == 61.0
    assert course.decisions == [(60.0, "All is well.")]


def test_each_request_has_what_became_of_it(course):
    first, second = course.requests
    assert (first.at_s, first.started_s, first.end, first.label) == (2.0, 4.0, "done", "calm <b>")
    assert (second.started_s, second.end) == (None, "expired")
    assert (first.waits_until_s(61.0), second.waits_until_s(61.0)) == (4.0, 45.0)


@pytest.mark.parametrize("states", [[], [(2.0, "sent")], [(2.0, "sent"), (3.0, "queued")]])
def test_a_request_that_is_still_open_waits_until_the_end(states):
    request = Request(1, 2.0, 0.5, 0.5, "player", "happy", states)
    assert request.waits_until_s(61.0) == 61.0


class Page(HTMLParser):
    """Reads a page: its texts, and what it would load from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [
            value for name, value in attrs
            if name in ("src", "href", "xlink:href") and value and not value.startswith("#")
        ]  # fmt: skip

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_is_whole_loads_nothing_and_is_good_in_dark(tmp_path, capsys):
    path = tmp_path / "evening.jsonl"
    record(path, 150.0)
    with path.open("a") as file:
        file.write("damaged\n" + json.dumps(said(200.0, "request/label", "<script>")) + "\n")
        file.writelines(json.dumps(x) + "\n" for x in request(9, 200.0, "<script>x", (201.0, "x")))
    assert main(["report", str(path)]) == 0
    text = (tmp_path / "evening.html").read_text("utf-8")
    page = Page(text)
    words = " ".join(page.texts)
    assert page.loads == []
    assert "script" not in page.tags
    assert page.tags.count("svg") >= 2
    assert "<script>x" in words  # as a word that somebody chose for music
    assert "1 damaged lines" in words
    assert "μ alone says nothing about music" in words
    assert "prefers-color-scheme: dark" in text
    drawn = re.search(r"<figure>(<svg.*?</svg>)", text, re.DOTALL)
    assert drawn
    placed = set(re.findall(r"#0102[0-9a-f]{2}|var\(--(\w+)\)", drawn[1]))
    assert {"felt", "music", "asked", "ink"} <= placed
    assert "" not in placed  # no placeholder colour is left


def test_a_page_is_not_replaced_unless_that_is_wanted(tmp_path, capsys):
    path = write(tmp_path / "s.jsonl", said(1.0, "valence", 0.1))
    assert main(["report", str(path)]) == 0
    assert main(["report", str(path)]) == 2
    assert "exists: add --force" in capsys.readouterr().err
    assert main(["report", str(path), "--force"]) == 0


@pytest.mark.parametrize("name", ["s.jsonl", "s.html"])
def test_a_page_never_replaces_the_record(name, tmp_path, capsys):
    path = write(tmp_path / name, said(1.0, "valence", 0.1))
    before = path.read_bytes()
    assert main(["report", str(path), "--force", "--to", str(path)]) == 2
    said_of_it = capsys.readouterr().err
    assert "is the record itself" in said_of_it
    assert said_of_it.count("\n") == 1
    assert path.read_bytes() == before


def test_the_coefficients_of_the_heart_are_those_of_the_paper(tmp_path):
    rates = [90.0] * 60 + [72.0] * 120
    path = write(tmp_path / "s.jsonl", *(pulse(float(i), bpm) for i, bpm in enumerate(rates)))
    assert main(["report", str(path)]) == 0
    words = " ".join(Page((tmp_path / "s.html").read_text("utf-8")).texts)
    assert "0.50" in words  # (90 - 60) / 60
    assert "0.20" in words  # |72 - 90| / 90


def walk(effect: float, seed: int) -> Course:
    """An hour in which feelings come back to a mean, music begins when they are low, and helps."""
    random = np.random.default_rng(seed)
    course = Course(Head(2, "0.1.0", ""), length_s=3600.0)
    felt, boost, last_s = 0.0, 0.0, -100.0
    for second in range(3600):
        felt += 0.05 * (boost - felt) + 0.05 * float(random.standard_normal())
        if felt < -0.15 and second - last_s > 90.0 and random.random() < 0.5:
            last_s = float(second)
            states = [(last_s, "started")]
            course.requests.append(Request(second, last_s, 0.5, 0.0, "player", "happy", states))
        boost = effect if second - last_s < 40.0 else 0.0
        course.felt[0].add(float(second), felt)
    return course


def test_coming_back_to_the_mean_is_not_taken_for_what_music_does():
    found = [one for seed in range(12) if (one := compare(walk(0.0, seed))) is not None]
    assert len(found) == 12
    assert np.mean([one.with_music for one in found]) > 0.02  # who feels low feels better later
    assert sum(one.difference[1] <= 0.0 <= one.difference[2] for one in found) >= 10


def test_a_difference_that_is_there_is_seen():
    found = [compare(walk(0.6, seed)) for seed in range(4)]
    assert all(one is not None and one.difference[1] > 0.1 for one in found)


def test_a_few_requests_are_not_compared():
    course = walk(0.6, 0)
    del course.requests[3:]
    assert compare(course) is None
