"""Mood and energy written into files: others read them, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from tinytag import TinyTag

from oscbridge.library.tagging.writing import TagError, fields_of, write_fields
from tests.library.tagged import (
    PICTURE,
    SERATO,
    SUFFIXES,
    TRAKTOR,
    box,
    chunks_of,
    frame,
    frames_of,
    make_mp4,
    make_sound,
    tag_like_a_dj,
    tag_of,
)

WORDS = {"quadrant": "glücklich", "energy": "7"}
ID3_SUFFIXES = ("mp3", "aiff", "wav")


def foreign(frames: list[bytes]) -> list[bytes]:
    return [one for one in frames if one[:4] != b"TMOO" and b"EnergyLevel" not in one[:30]]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("tagged", [False, True])
def test_another_reader_finds_mood_and_energy_and_the_sound_is_the_same(
    tmp_path: Path, suffix: str, tagged: bool
) -> None:
    path = make_sound(tmp_path / f"a.{suffix}")
    if tagged:
        tag_like_a_dj(path)
    before = soundfile.read(path)[0]
    write_fields(str(path), WORDS)
    read = TinyTag.get(path)
    said = {key.casefold(): value for key, value in read.other.items()}
    assert said.get("mood", said.get("tmoo")) == ["glücklich"]
    assert said["energylevel"] == ["7"]
    assert read.title == ("Ünder" if tagged else None)
    assert np.array_equal(soundfile.read(path)[0], before)


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("suffix", ID3_SUFFIXES)
def test_frames_of_serato_and_traktor_stay_byte_for_byte(
    tmp_path: Path, suffix: str, version: int
) -> None:
    path = make_sound(tmp_path / f"a.{suffix}")
    tag_like_a_dj(path, version)
    before = frames_of(path)
    assert any(SERATO in one for one in before)
    assert any(TRAKTOR in one for one in before)
    assert any(PICTURE in one for one in before)
    write_fields(str(path), WORDS)
    after = frames_of(path)
    assert foreign(after) == before
    assert len(after) == len(before) + 2
    write_fields(str(path), {"quadrant": "", "energy": ""})
    assert frames_of(path) == before


def test_the_end_of_an_mp3_with_its_old_tag_stays(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.mp3")
    tag_like_a_dj(path)
    end = path.read_bytes()[-400:]
    assert end[-128:-125] == b"TAG"
    write_fields(str(path), WORDS)
    assert path.read_bytes()[-400:] == end


@pytest.mark.parametrize("version", [3, 4])
def test_frames_that_no_library_would_keep_stay_in_their_order(
    tmp_path: Path, version: int
) -> None:
    strange = [
        frame(b"TXXX", b"\x03Serato\0", version=version),  # an empty text
        frame(b"GEOB", b"\0a/b\0\0same\0one", version=version),
        frame(b"GEOB", b"\0a/b\0\0same\0two", version=version),  # the same once more
        frame(b"TIT2", b"\x03UTF-8 where 2.3 knows none: \xc3\xa4", version=version),
        frame(b"TCON", b"\0(17)", version=version),
        frame(b"XSOA", b"\0of a program that nobody knows", version=version),
        frame(b"TYER", b"\x001999", version=version),
        frame(b"COMM", b"\x01eng\xff\xfe\0\0\xff\xfeh\0i\0", version=version),
        frame(b"TPE1", b"\0broken \xff\0", b"\x40\0", version=version),
    ]
    path = tmp_path / "a.mp3"
    sound = make_sound(tmp_path / "b.mp3").read_bytes()
    path.write_bytes(tag_of(strange, version) + sound)
    write_fields(str(path), WORDS)
    assert foreign(frames_of(path)) == strange
    assert fields_of(str(path)) == WORDS
    assert path.read_bytes().endswith(sound)


FRAMES = st.lists(
    st.builds(
        frame,
        st.sampled_from([b"GEOB", b"PRIV", b"TXXX", b"TIT2", b"ZZZZ", b"POPM", b"UFID"]),
        st.binary(min_size=1, max_size=300),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_sound(tmp_path_factory.mktemp("sound") / "a.mp3").read_bytes()


@settings(max_examples=60, deadline=None)
@given(frames=FRAMES, padding=st.integers(0, 200))
def test_whatever_is_in_a_tag_stays_or_the_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, sound: bytes, frames: list[bytes], padding: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.mp3"
    path.write_bytes(tag_of(frames, padding=padding) + sound)
    before = foreign(frames_of(path))
    try:
        write_fields(str(path), WORDS)
    except TagError:
        return
    assert foreign(frames_of(path)) == before
    assert path.read_bytes().endswith(sound)


def test_an_energy_in_another_spelling_is_replaced_not_doubled(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.mp3")
    theirs = frame(b"TXXX", b"\x01\xff\xfe" + "ENERGYLEVEL\0".encode("utf-16-le") + b"\xff\xfe5\0")
    path.write_bytes(tag_of([theirs]) + path.read_bytes())
    assert fields_of(str(path))["energy"] == "5"
    write_fields(str(path), {"energy": "7"})
    assert fields_of(str(path))["energy"] == "7"
    assert len(frames_of(path)) == 1


@pytest.mark.parametrize("version", [3, 4])
def test_words_of_any_script_are_written(tmp_path: Path, version: int) -> None:
    path = make_sound(tmp_path / "a.mp3")
    tag_like_a_dj(path, version)
    write_fields(str(path), {"quadrant": "楽しい", "energy": "10"})
    assert TinyTag.get(path).other["tmoo"] == ["楽しい"]


def mp4_item(mean: bytes, name: bytes, data: bytes) -> bytes:
    said = box(b"mean", bytes(4) + mean) + box(b"name", bytes(4) + name)
    return box(b"----", said + box(b"data", bytes(8) + data))


def test_mp4_gets_its_fields_and_keeps_its_chunks_and_what_others_wrote(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.m4a", bytes(range(256)) * 40
    theirs = mp4_item(b"com.serato.dj", b"markersv2", SERATO)
    make_mp4(path, sound, theirs)
    assert chunks_of(path, len(sound)) == sound
    write_fields(str(path), WORDS)
    assert chunks_of(path, len(sound)) == sound
    content = path.read_bytes()
    assert theirs in content
    for name, text in ((b"MOOD", "glücklich".encode()), (b"energylevel", b"7")):
        at = content.index(b"name\0\0\0\0" + name) + 8 + len(name)
        assert content[at + 4 : at + 16] == b"data\0\0\0\x01\0\0\0\0"  # 1: UTF-8
        assert content[at + 16 :].startswith(text)
    assert fields_of(str(path)) == WORDS


def test_flac_keeps_its_pictures_seek_points_and_applications(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.flac")
    content = path.read_bytes()
    at, blocks = 4, []
    others = [bytes([2]) + b"\0\0\x08ATCHabcd", bytes([3]) + b"\0\0\x12" + bytes(8) + b"\xff" * 10]
    while True:
        size = int.from_bytes(content[at + 1 : at + 4], "big")
        blocks.append(content[at : at + 4 + size])
        at += 4 + size
        if blocks[-1][0] & 0x80:
            break
    plain = [bytes([block[0] & 0x7F]) + block[1:] for block in [*blocks, *others]]
    plain[-1] = bytes([plain[-1][0] | 0x80]) + plain[-1][1:]
    path.write_bytes(b"fLaC" + b"".join(plain) + content[at:])
    write_fields(str(path), WORDS)
    written = path.read_bytes()
    assert all(block[1:] in written for block in others)
    assert written.endswith(content[at:])
    assert fields_of(str(path)) == WORDS


def test_a_tag_of_id3v22_is_refused(tmp_path: Path, sound: bytes) -> None:
    path = tmp_path / "a.mp3"
    old = tag_of([b"TT2\0\0\x02\0a", b"GEO\0\0\x04\0abc"], version=2)
    path.write_bytes(old + sound)
    with pytest.raises(TagError, match=r"ID3v2\.2"):
        write_fields(str(path), WORDS)


def test_comments_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.flac")
    opened = mutagen.File(path)
    assert opened is not None
    opened["TITLE"] = "XXXX"
    opened.save()
    path.write_bytes(path.read_bytes().replace(b"XXXX", b"M\xfcll"))
    with pytest.raises(TagError, match="UTF-8"):
        write_fields(str(path), WORDS)


@pytest.mark.parametrize("content", [b"", b"no music at all" * 20, b"ID3\x04\0\0\0\0\x7f\x7f"])
def test_what_is_no_music_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(TagError):
        write_fields(str(path), WORDS)
