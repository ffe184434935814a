"""``oscbridge affect text``: one object a line, whatever the lines are."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from oscbridge import cli


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert cli.main(["affect", "text", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_text_becomes_one_object_with_all_numbers_in_range(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = objects(capsys, "--json", "I love this!", "I hate this", "")
    assert [row["text"] for row in rows] == ["I love this!", "I hate this", ""]
    for row in rows:
        assert all(-1.0 <= row[name] <= 1.0 for name in ("valence", "arousal", "dominance"))
        assert 0.0 <= row["confidence"] <= 1.0
    love, hate, nothing = rows
    assert love["valence"] > 0.0 > hate["valence"]
    assert love["language"] == "en"
    assert (nothing["valence"], nothing["confidence"]) == (0.0, 0.0)


def test_a_file_gives_as_many_objects_as_it_has_lines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "chat.txt"
    file.write_bytes("\ufeffgg ez\r\n\r\n我今天很高兴\nlast, without an end".encode())
    rows = objects(capsys, "--file", str(file))
    assert [row["text"] for row in rows] == ["gg ez", "", "我今天很高兴", "last, without an end"]
    assert [row["language"] for row in rows] == ["en", "unknown", "other", "en"]


def test_standard_input_is_read_line_by_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.TextIOWrapper(io.BytesIO(b"so happy\nso sad\n"))
    monkeypatch.setattr(sys, "stdin", typed)
    rows = objects(capsys)
    assert [row["valence"] > 0.0 for row in rows] == [True, False]


def test_a_closed_standard_input_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert cli.main(["affect", "text"]) == 2
    complaint = capsys.readouterr().err
    assert "there is no standard input" in complaint
    assert complaint.count("\n") == 1


def test_an_argument_in_another_encoding_becomes_text_that_can_be_sent_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (row,) = objects(capsys, "so \udcff happy")
    assert row["text"] == "so \ufffd happy"


def test_a_person_at_a_terminal_gets_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert cli.main(["affect", "text", "[b]so happy[/b]"]) == 0
    shown = capsys.readouterr().out
    assert "valence" in shown
    assert "[b]so happy[/b]" in shown
    assert "{" not in shown


def test_who_follows_a_chat_at_a_terminal_sees_each_line_as_it_comes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def chat() -> Iterator[bytes]:
        yield b"so happy\n"
        shown.append(capsys.readouterr().out)
        yield b"so \x1b[31msad\n"

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=chat()))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert cli.main(["affect", "text"]) == 0
    head, row = shown[0].splitlines()
    assert head.split() == ["valence", "arousal", "dominance", "confidence", "language", "line"]
    assert row.endswith("so happy")
    last = capsys.readouterr().out
    assert "sad" in last
    assert "\x1b" not in last  # nobody in a chat may move our cursor


@pytest.mark.parametrize("columns", ["40", "200"])
def test_numbers_of_the_table_are_whole_on_any_terminal(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert cli.main(["affect", "text", "we made it through this terrible dungeon", "\x1b[31m"]) == 0
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert "confidence" in shown
    assert "\x1b[31m" not in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--file", "no-such-file.txt"], "no-such-file.txt cannot be read"),
        (["--file", "x.txt", "a line"], "not both"),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["affect", "text", *words]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1
