"""``oscbridge analyze --lyrics``: the words of a song, for a model that reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

GLAD = "what a wonderful happy day\nI love you and we are laughing in the sun\n" * 4


def test_a_model_that_does_not_read_says_so_and_names_one_that_does(
    program: Program, tmp_path: Path
) -> None:
    words = tmp_path / "words.txt"
    words.write_text(GLAD, encoding="utf-8")
    done = program.run("analyze", "--lyrics", str(words), "music.wav")
    assert done.returncode == 2
    assert "'music' does not read" in done.stderr
    assert "cnn_svm" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "are empty"),
        (b"\xff\xfe\xfa", "UTF-8"),
        (b"la " * 400000, "too long"),
    ],
)
def test_lyrics_that_are_none_are_one_line(
    program: Program, tmp_path: Path, content: bytes | None, said: str
) -> None:
    words = tmp_path / "words.txt"
    if content is not None:
        words.write_bytes(content)
    done = program.run("analyze", "--lyrics", str(words), "music.wav")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_lyrics_for_several_files_are_refused(program: Program, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text(GLAD, encoding="utf-8")
    done = program.run("analyze", "--lyrics", str(words), "music.wav", "music.flac")
    assert done.returncode == 2
    assert "exactly one" in done.stderr
