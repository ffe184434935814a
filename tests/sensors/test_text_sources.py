"""Where lines come from: files that grow, rotate and shrink, pipes, messages of services."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.text import TextAffect
from oscbridge.chat.followed_file import FollowedFile
from oscbridge.chat.messages import Message, Pattern, messages_of
from oscbridge.chat.mood import Mood, skill
from oscbridge.chat.typed_lines import TypedLines
from oscbridge.errors import SettingsError
from tests.sensors.hearing import until


class Followed:
    """A file that is followed, and what came of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []
        self.file = FollowedFile(path, self.lines.append)

    def write(self, text: str, *, mode: str = "a", encoding: str = "utf-8") -> None:
        with self.path.open(mode, encoding=encoding, newline="") as stream:
            stream.write(text)

    def expect(self, *lines: str) -> None:
        until(lambda: len(self.lines) >= len(lines))
        assert self.lines == list(lines)


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    path = tmp_path / "chat.log"
    path.write_text("old news\n", encoding="utf-8")
    one = Followed(path)
    yield one
    one.file.close()
    one.file.close()


def test_what_is_written_after_the_start_is_read_and_nothing_before(followed: Followed) -> None:
    followed.write("first\nsec")
    followed.expect("first")
    followed.write("ond\r\nthird ☃\n")
    followed.expect("first", "second", "third ☃")


def test_a_log_that_is_rotated_is_followed_from_the_old_to_the_new(followed: Followed) -> None:
    followed.write("before\n")
    followed.expect("before")
    os.replace(followed.path, followed.path.with_suffix(".1"))
    followed.write("after\n")
    followed.expect("before", "after")
    followed.write("more\n")
    followed.expect("before", "after", "more")


def test_a_log_that_is_truncated_is_read_from_its_beginning(followed: Followed) -> None:
    followed.write("a rather long line before it\n")
    followed.expect("a rather long line before it")
    followed.write("new\n", mode="w")
    followed.expect("a rather long line before it", "new")


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    one = Followed(tmp_path / "later.log")
    try:
        assert "not there yet" in one.file.detail
        one.write("here I am\n")
        one.expect("here I am")
        assert one.file.detail == ""
    finally:
        one.file.close()


def test_files_of_windows_in_utf_16_are_read(tmp_path: Path) -> None:
    one = Followed(tmp_path / "chat.txt")
    try:
        (tmp_path / "chat.txt").write_bytes("ça va\r\nĊ ok\r\n".encode("utf-16"))
        one.expect("ça va", "Ċ ok")
    finally:
        one.file.close()


def test_lines_of_a_pipe_are_read_until_it_ends() -> None:
    reading, writing = os.pipe()
    lines: list[str] = []
    typed = TypedLines(lines.append, reading)
    os.write(writing, "one\ntwo ☃\r\n".encode())
    until(lambda: len(lines) == 2)
    os.close(writing)
    typed.close()
    typed.close()
    os.close(reading)
    assert lines == ["one", "two ☃"]


def test_a_last_line_without_its_end_is_read_too() -> None:
    reading, writing = os.pipe()
    lines: list[str] = []
    typed = TypedLines(lines.append, reading)
    os.write(writing, b"one\nthe last")
    os.close(writing)
    until(lambda: len(lines) == 2)
    typed.close()
    os.close(reading)
    assert lines == ["one", "the last"]


def test_a_pattern_takes_the_message_and_its_writer_out_of_a_log() -> None:
    pattern = Pattern(r"\[CHAT\] <(?P<name>\w+)> (?P<text>.*)$")
    line = "[12:00:01] [Render thread/INFO]: [CHAT] <Alex> this is great"
    assert pattern.message_of(line) == Message("this is great", "Alex")
    assert pattern.message_of("[12:00:02] [Server/INFO]: Saved the game") is None
    assert Pattern("").message_of(line) == Message(line)


@pytest.mark.parametrize("pattern", ["(", r"<(?P<name>\w+)>"])
def test_a_pattern_that_cannot_work_is_a_mistake_of_the_settings(pattern: str) -> None:
    with pytest.raises(SettingsError, match="pattern"):
        Pattern(pattern)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("hello\nthere", [Message("hello"), Message("there")]),
        (b"na\xc3\xafve", [Message("naïve")]),
        ('"just a text"', [Message("just a text")]),
        ('{"message": "hi", "user": {"name": "Bo"}}', [Message("hi", "Bo")]),
        ('{"event": {"text": "deep"}, "user": "Ann"}', [Message("deep", "Ann")]),
        ('[{"text": "a"}, {"text": "b"}, {"ping": 1}]', [Message("a"), Message("b")]),
        ('{"type": "ping"}', []),
        ("[" * 5000, [Message("[" * 5000)]),
    ],
)
def test_messages_of_services_are_found_in_text_and_json(
    data: str | bytes, expected: list[Message]
) -> None:
    assert messages_of(data) == expected


def line(valence: float, confidence: float) -> TextAffect:
    return TextAffect(valence, 0.2, 0.0, confidence, "en")


def test_a_line_that_says_nothing_changes_no_mood() -> None:
    mood = Mood(20.0)
    assert mood.update(line(-0.8, 0.95), 100.0) == pytest.approx((-0.8, 0.2, 0.9))
    assert mood.update(line(0.1, 0.52), 101.0) is None
    later = mood.update(line(-0.8, 0.95), 102.0)
    assert later is not None
    assert later.valence == pytest.approx(-0.8)


def test_surer_and_newer_lines_count_more() -> None:
    mood = Mood(20.0)
    mood.update(line(-0.8, 0.95), 0.0)
    soon = mood.update(line(0.8, 0.95), 1.0)
    mood.reset()
    mood.update(line(-0.8, 0.95), 0.0)
    late = mood.update(line(0.8, 0.95), 60.0)
    mood.reset()
    mood.update(line(-0.8, 0.95), 0.0)
    unsure = mood.update(line(0.8, 0.6), 1.0)
    assert soon is not None
    assert late is not None
    assert unsure is not None
    assert unsure.valence < soon.valence < late.valence
    assert 0.0 < soon.valence < 0.1, "two lines of the same age and weight meet in the middle"
    assert Mood(0.0).update(line(0.4, 1.0), 0.0) == (0.4, 0.2, 1.0)


def test_skill_is_what_is_left_above_a_guess() -> None:
    assert (skill(0.0), skill(0.5), skill(0.75), skill(1.0)) == (0.0, 0.0, 0.5, 1.0)
