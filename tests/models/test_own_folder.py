"""A user's labelled folder: what is understood, and what is told about what is not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.labelled.files import Bad, FolderError, Labelled
from models.labelled.folder import read_folder
from models.labelled.table import Meaning
from models.labelled.words import WORDS, quadrant_of_word
from models.training.own.sounds import FEWEST_FILES, Sound, examine, judge, shortages

RATE = 16_000


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.2, 0.2, int(seconds * RATE)).astype(np.float32)


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


@pytest.mark.parametrize(
    ("word", "quadrant"),
    [
        *(("Q1", 1), ("q2", 2), ("3", 3), ("Happy", 1), ("ANGRY", 2), ("sad", 3), ("relax", 4)),
        *(("1 happy", 1), ("Q2_tense", 2), ("3-mawkish", 3), ("Cheerful", 1), ("fierce", 2)),
        *(("low", 3), ("gentle", 4), ("HVLA", 4)),
    ],
)
def test_a_quadrant_is_named_by_number_or_word(word: str, quadrant: int) -> None:
    assert quadrant_of_word(word) == quadrant


@pytest.mark.parametrize("word", ["", "Q5", "0", "12", "party", "1 sad", "Q1 Q2", "very sad", "q"])
def test_what_names_no_quadrant_or_two_is_not_guessed(word: str) -> None:
    assert quadrant_of_word(word) is None


def test_no_word_stands_for_two_quadrants() -> None:
    words = [word for its in WORDS.values() for word in its]
    assert len(words) == len(set(words))


def test_folders_give_labels_and_the_folders_below_give_groups(tmp_path: Path) -> None:
    touch(tmp_path, "happy/a.wav", "Q3/Nick Drake/Pink Moon/b.mp3", "Q3/c.FLAC", "Q3/cover.jpg")
    touch(tmp_path, "happy/.hidden.wav", ".git/d.wav", "readme.txt")
    files, bad = read_folder(tmp_path)
    assert bad == []
    assert [(file.name, file.quadrant, file.group) for file in files] == [
        ("Q3/Nick Drake/Pink Moon/b.mp3", 3, "Nick Drake"),
        ("Q3/c.FLAC", 3, "Q3/c.FLAC"),
        ("happy/a.wav", 1, "happy/a.wav"),
    ]


def test_music_that_no_folder_labels_is_bad_not_forgotten(tmp_path: Path) -> None:
    touch(tmp_path, "sad/a.wav", "party/b.wav", "c.wav", "sad/d.m4a")
    files, bad = read_folder(tmp_path)
    assert [file.name for file in files] == ["sad/a.wav"]
    assert {one.name: one.reason for one in bad} == {
        "party/b.wav": "the folder 'party' names no quadrant",
        "c.wav": "lies in no folder of a quadrant",
        "sad/d.m4a": "M4A cannot be read: convert it to FLAC, WAV, OGG or MP3",
    }


@pytest.mark.parametrize("make", [lambda p: p / "nowhere", lambda p: p])
def test_a_folder_that_labels_nothing_is_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    touch(tmp_path, "party/a.wav")
    with pytest.raises(FolderError, match=r"no folder|named by quadrant: Q1"):
        read_folder(make(tmp_path))


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_labels_by_word_or_by_point(tmp_path: Path, separator: str) -> None:
    touch(tmp_path, "a.wav", "sub/b.wav", "c.wav")
    rows = [
        ("File", "quadrant", "valence", "arousal", "Artist"),
        ("a.wav", "angry", "", "", "X"),
        ("sub/b.wav", "", "-0.5", "-0.1", "x"),
        ("c.wav", "", "0.2", "-1", ""),
    ]
    table = "\n".join(separator.join(row) for row in rows)
    (tmp_path / "labels.csv").write_text(f"\ufeff{table}\n", encoding="utf-8")
    files, bad = read_folder(tmp_path)
    assert bad == []
    assert [(file.name, file.quadrant, file.group) for file in files] == [
        ("a.wav", 2, "x"),
        ("sub/b.wav", 3, "x"),
        ("c.wav", 4, "c.wav"),
    ]


def test_every_bad_row_of_a_table_is_told_with_its_line(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{letter}.wav" for letter in "abcde"))
    (tmp_path / "labels.csv").write_text(
        "file,quadrant,valence,arousal\na.wav,party,,\nb.wav,,7,0.5\nc.wav,,0.5,0\nd.wav,,x,1\n"
        "gone.wav,1,,\ne.wav,1,,\ne.wav,2,,\n,3,,\nb.wav,1,,\n"
    )
    files, bad = read_folder(tmp_path)
    assert [file.name for file in files] == ["e.wav"]
    assert [(one.name, one.reason) for one in bad] == [
        ("a.wav", "line 2 of labels.csv: 'party' names no quadrant"),
        ("b.wav", "line 3 of labels.csv: valence 7 is outside -1..1"),
        ("c.wav", "line 4 of labels.csv: arousal 0 is neutral: it belongs to no quadrant"),
        ("d.wav", "line 5 of labels.csv: valence 'x' is no number"),
        ("gone.wav", "line 6 of labels.csv: there is no such file"),
        ("e.wav", "is named again in line 8 of labels.csv"),
        ("labels.csv line 9", "names no file"),
        ("b.wav", "is named again in line 10 of labels.csv"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"name,quadrant\n", b"file,valence\n", b"\xff\xfe\x00", b"file\n"]
)
def test_a_table_without_the_columns_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(FolderError, match=r"needs file|cannot be read"):
        read_folder(tmp_path)


def test_the_same_sound_in_two_formats_has_one_digest(tmp_path: Path) -> None:
    sound = (noise(4.0) * 32768).astype(np.int16)
    for name in ("a.wav", "a.flac"):
        soundfile.write(tmp_path / name, sound, RATE, subtype="PCM_16")
    first, second = examine(tmp_path / "a.wav"), examine(tmp_path / "a.flac")
    assert first.complaint == second.complaint == ""
    assert first.digest == second.digest
    assert first.seconds == pytest.approx(4.0)


def spoil(folder: Path, what: str) -> Path:
    path = folder / "x.wav"
    if what == "text":
        path.write_text("this is no sound")
    elif what == "nothing":
        path.touch()
    elif what == "short":
        soundfile.write(path, noise(2.9), RATE)
    elif what == "silent":
        soundfile.write(path, np.zeros(5 * RATE), RATE)
    elif what == "nearly silent":
        soundfile.write(path, np.concatenate([noise(1.0), np.zeros(30 * RATE)]), RATE)
    elif what == "not a number":
        sound = noise(4.0)
        sound[100] = np.nan
        soundfile.write(path, sound, RATE, subtype="FLOAT")
    elif what == "truncated":
        path = folder / "x.flac"
        soundfile.write(path, noise(20.0), RATE)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize(
    ("what", "complaint"),
    [
        ("text", "cannot be decoded"),
        ("nothing", "cannot be decoded"),
        ("missing", "cannot be decoded"),
        ("short", "lasts 2.9 s"),
        ("silent", "is silent: 0.0 s"),
        ("nearly silent", "is silent: 1.0 s"),
        ("not a number", "are no numbers"),
        ("truncated", "cannot be decoded|ends after"),
    ],
)
def test_what_is_no_music_says_why(tmp_path: Path, what: str, complaint: str) -> None:
    sound = examine(spoil(tmp_path, what))
    assert sound.digest == ""
    assert any(part in sound.complaint for part in complaint.split("|")), sound.complaint


def labelled(name: str, quadrant: int = 1, group: str = "") -> Labelled:
    return Labelled(Path(name), name, quadrant, group or name)


def test_of_the_same_sound_one_is_kept_and_none_where_the_labels_disagree() -> None:
    files = [labelled("a"), labelled("b"), labelled("c", 2), labelled("d", 3), labelled("e")]
    digests = ["same", "same", "other", "other", "alone"]
    good, bad = judge(files, [Sound(digest, 9.0, "") for digest in digests])
    assert [file.name for file in good] == ["a", "e"]
    assert bad == [
        Bad("b", "is the same sound as a"),
        Bad("c", "the same sound is labelled Q2, Q3"),
        Bad("d", "the same sound is labelled Q2, Q3"),
    ]


def test_a_set_that_lacks_files_or_groups_says_which() -> None:
    enough = [labelled(f"{q}{i}", q) for q in (1, 2, 3, 4) for i in range(FEWEST_FILES)]
    assert shortages(enough) == []
    assert shortages(enough[1:]) == [f"Q1 has {FEWEST_FILES - 1} good files, at least 8 are needed"]
    one_artist = [labelled(file.name, file.quadrant, "x") for file in enough[:FEWEST_FILES]]
    (complaint,) = shortages([*one_artist, *enough[FEWEST_FILES:]])
    assert complaint.startswith("the files of Q1 come from 1 groups")


def test_a_table_lies_anywhere_and_names_files_by_their_number(tmp_path: Path) -> None:
    touch(tmp_path / "music", "a/10.mp3", "b/2.flac", "b/twice.wav", "c/twice.wav")
    table = tmp_path / "ratings.tsv"
    table.write_text("track\tvalence\tarousal\n10\t1\t9\n2\t5\t3\ntwice\t2\t2\n", "utf-8")
    meaning = Meaning(scale=(1.0, 9.0), neutral=True)
    files, bad = read_folder(tmp_path / "music", table, meaning)
    assert [(file.path.name, file.quadrant, file.valence, file.arousal) for file in files] == [
        ("10.mp3", 2, -1.0, 1.0),
        ("2.flac", 0, 0.0, -0.5),
    ]
    assert bad == [
        Bad("twice", "line 4 of ratings.tsv: 2 files are called so: name their folders too")
    ]


def test_words_mean_what_the_user_says(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "b.wav")
    (tmp_path / "labels.csv").write_text("file,emotion\na.wav,Fog\nb.wav,sad\n", "utf-8")
    files, bad = read_folder(tmp_path, meaning=Meaning(quadrant_of={"Fog": 3}.get))
    assert [(file.name, file.quadrant) for file in files] == [("a.wav", 3)]
    assert bad == [Bad("b.wav", "line 3 of labels.csv: 'sad' names no quadrant")]


def test_a_word_and_a_rating_are_both_kept(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav")
    (tmp_path / "labels.csv").write_text("file,label,valence,arousal\na.wav,Q4,0.2,0.4\n", "utf-8")
    (file,) = read_folder(tmp_path)[0]
    assert (file.quadrant, file.valence, file.arousal) == (4, 0.2, 0.4)
