"""A file cut at its boundaries: the pieces are the file, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from oscbridge.errors import SettingsError
from oscbridge.offline.cue_points import Section
from oscbridge.offline.destinations import piece_stems
from oscbridge.offline.pieces import check_folder, cut

SAMPLE_RATE = 44_100
LENGTH = 3 * SAMPLE_RATE + 17
CUTS_S = (0.0, 0.777771, 1.000023, 2.9)


def sections(labels: tuple[str, ...] = ("happy", "tense", "sad", "relaxed")) -> list[Section]:
    ends = [*CUTS_S[1:], LENGTH / SAMPLE_RATE]
    return [
        Section(start, end, 1, label, 0.0, 0.0, 0.5)
        for start, end, label in zip(CUTS_S, ends, labels, strict=True)
    ]


def write_noise(path: Path, subtype: str, channels: int = 2, **kind: str) -> None:
    noise = np.random.default_rng(8).uniform(-1.0, 1.0, (LENGTH, channels))
    soundfile.write(path, noise, SAMPLE_RATE, subtype=subtype, **kind)


def raw(path: Path) -> np.ndarray:
    """Samples as they decode: of integers up to 32 bit and of 64-bit floats, nothing is lost."""
    kind = "float64" if soundfile.info(path).subtype in ("FLOAT", "DOUBLE") else "int32"
    return soundfile.read(path, dtype=kind, always_2d=True)[0]


@pytest.mark.parametrize(
    ("name", "subtype", "kind"),
    [
        ("a.wav", "PCM_16", {}),
        ("a.wav", "PCM_U8", {}),
        ("a.wav", "PCM_24", {}),
        ("a.wav", "PCM_32", {}),
        ("a.wav", "FLOAT", {}),
        ("a.wav", "DOUBLE", {}),
        ("a.wav", "ULAW", {}),
        ("a.wav", "PCM_24", {"format": "WAVEX"}),
        ("a.w64", "PCM_24", {}),
        ("a.flac", "PCM_16", {}),
        ("a.flac", "PCM_24", {}),
        ("a.aiff", "PCM_16", {}),
        ("a.caf", "ALAC_24", {}),
    ],
)
def test_the_pieces_one_after_the_other_are_the_file(
    name: str, subtype: str, kind: dict[str, str], tmp_path: Path
) -> None:
    original = tmp_path / name
    write_noise(original, subtype, **kind)
    pieces = cut(str(original), sections(), tmp_path / "pieces", "a")
    assert len(pieces) == 4
    whole = soundfile.info(original)
    for piece in pieces:
        info = soundfile.info(piece)
        assert (info.samplerate, info.channels) == (whole.samplerate, whole.channels)
        assert (info.format, info.subtype) == (whole.format, whole.subtype)
    np.testing.assert_array_equal(np.concatenate([raw(p) for p in pieces]), raw(original))


def test_cuts_lie_at_the_nearest_sample(tmp_path: Path) -> None:
    write_noise(tmp_path / "a.wav", "PCM_16", channels=1)
    pieces = cut(str(tmp_path / "a.wav"), sections(), tmp_path, "b")
    edges = np.cumsum([soundfile.info(piece).frames for piece in pieces])
    assert edges.tolist() == [round(t * SAMPLE_RATE) for t in CUTS_S[1:]] + [LENGTH]


def test_a_lossy_file_becomes_what_it_decodes_to(tmp_path: Path) -> None:
    original = tmp_path / "a.ogg"
    write_noise(original, "VORBIS")
    pieces = cut(str(original), sections(), tmp_path / "pieces", "a")
    assert {(soundfile.info(p).format, soundfile.info(p).subtype) for p in pieces} == {
        ("WAV", "FLOAT")
    }
    joined = np.concatenate([soundfile.read(p, dtype="float32", always_2d=True)[0] for p in pieces])
    decoded = soundfile.read(original, dtype="float32", always_2d=True)[0]
    np.testing.assert_array_equal(joined, decoded)


def test_names_have_the_number_and_the_word_and_nothing_that_a_file_system_refuses(
    tmp_path: Path,
) -> None:
    write_noise(tmp_path / "a.wav", "PCM_16")
    labels = ("happy", "très/agité", '..\\"x"', "???")
    pieces = cut(str(tmp_path / "a.wav"), sections(labels), tmp_path / "p", "my set")
    assert [piece.name for piece in pieces] == [
        "my set-01-happy.wav",
        "my set-02-très_agité.wav",
        "my set-03-x.wav",
        "my set-04-unknown.wav",
    ]


def test_words_about_the_music_stay_with_the_pieces(tmp_path: Path) -> None:
    with soundfile.SoundFile(tmp_path / "a.flac", "w", 44_100, 1) as file:
        file.artist = "the band"
        file.write(np.zeros(LENGTH))
    (first, *_) = cut(str(tmp_path / "a.flac"), sections(), tmp_path / "p", "a")
    with soundfile.SoundFile(first) as piece:
        assert piece.artist == "the band"


def test_nothing_is_replaced_and_nothing_half_done_stays(tmp_path: Path) -> None:
    write_noise(tmp_path / "a.wav", "PCM_16")
    mine = tmp_path / "p" / "a-03-sad.wav"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    with pytest.raises(SettingsError, match=r"a-03-sad\.wav.*File exists"):
        cut(str(tmp_path / "a.wav"), sections(), tmp_path / "p", "a")
    assert [path.name for path in mine.parent.iterdir()] == ["a-03-sad.wav"]
    assert mine.read_bytes() == b"mine"


def test_a_folder_with_pieces_of_that_name_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "song-01-happy.wav").touch()
    with pytest.raises(SettingsError, match=r"holds 'song-01-happy.wav' already"):
        check_folder(tmp_path, "song")
    assert piece_stems(tmp_path, ["x/other.wav", "y/other.wav"]) == {0: "other", 1: "other-2"}


def test_notes_are_not_cut_and_a_file_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds notes"):
        piece_stems(tmp_path, ["a.mid"])
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="is a file, not a folder"):
        piece_stems(tmp_path / "file", ["a.wav"])
