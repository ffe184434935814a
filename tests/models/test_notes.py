"""Keyboards and MIDI files: what was pressed, what sounds, and when, against mido and by hand."""

from __future__ import annotations

import io
from itertools import pairwise

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.midi_file import MidiFileError, key_event, read_midi
from models.notes import Keyboard, KeyEvent, Notes, play

RATE = 24_000


def saved(file: mido.MidiFile) -> bytes:
    """Bytes of a file that mido writes."""
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()


def played(*events: tuple[float, str, int, int], stop_s: float = 10.0) -> Notes:
    """Notes of (seconds, kind, pitch, velocity) on channel 0."""
    keys = [
        KeyEvent(round(at_s * RATE), kind, 0, pitch, velocity)  # type: ignore[arg-type]
        for at_s, kind, pitch, velocity in events
    ]
    return play(keys, round(stop_s * RATE), RATE)


def test_a_key_sounds_from_press_to_release() -> None:
    notes = played((1.0, "press", 60, 80), (1.5, "release", 60, 0))
    assert notes.onset_s.tolist() == [1.0]
    assert notes.release_s.tolist() == notes.end_s.tolist() == [1.5]
    assert (notes.pitch[0], notes.velocity[0]) == (60, 80)


def test_the_pedal_holds_what_was_let_go_and_not_what_is_still_held() -> None:
    notes = played(
        (0.0, "press", 60, 80),
        (0.0, "press", 64, 80),
        (0.5, "pedal", 0, 127),
        (1.0, "release", 60, 0),
        (2.0, "pedal", 0, 0),
        (3.0, "release", 64, 0),
    )
    assert notes.release_s.tolist() == [1.0, 3.0]
    assert notes.end_s.tolist() == [2.0, 3.0]


def test_a_pedal_below_half_is_up() -> None:
    notes = played((0.0, "pedal", 0, 63), (0.1, "press", 60, 80), (0.2, "release", 60, 0))
    assert notes.end_s.tolist() == [0.2]


def test_a_key_that_is_struck_again_under_the_pedal_ends_its_old_sound() -> None:
    notes = played(
        (0.0, "pedal", 0, 127),
        (0.0, "press", 60, 80),
        (0.5, "release", 60, 0),
        (1.0, "press", 60, 90),
    )
    assert notes.onset_s.tolist() == [0.0, 1.0]
    assert notes.end_s.tolist() == [1.0, 10.0]
    assert notes.release_s.tolist() == [0.5, 10.0]


def test_drums_and_releases_without_a_press_are_no_notes() -> None:
    keyboard = Keyboard(RATE)
    keyboard.update(KeyEvent(0, "press", 9, 38, 100))
    keyboard.update(KeyEvent(10, "release", 0, 60))
    assert len(keyboard.notes(0, 100)) == 0


def test_channels_have_keys_and_pedals_of_their_own() -> None:
    keyboard = Keyboard(RATE)
    for event in (
        KeyEvent(0, "pedal", 1, velocity=127),
        KeyEvent(0, "press", 0, 60, 80),
        KeyEvent(0, "press", 1, 60, 80),
        KeyEvent(100, "release", 0, 60),
        KeyEvent(200, "release", 1, 60),
        KeyEvent(300, "silence", 1),
    ):
        keyboard.update(event)
    assert np.round(keyboard.notes(0, 1000).end_s * RATE).tolist() == [100, 300]


def test_a_key_whose_release_was_lost_does_not_sound_for_ever() -> None:
    keyboard = Keyboard(RATE)
    keyboard.update(KeyEvent(0, "press", 0, 60, 80))
    assert keyboard.audible_until(5 * RATE) == 5 * RATE
    assert keyboard.audible_until(60 * RATE) == 20 * RATE


def test_forgetting_keeps_what_still_sounds() -> None:
    keyboard = Keyboard(RATE)
    for at, kind, pitch in ((0, "press", 50), (10, "press", 60), (20, "release", 60)):
        keyboard.update(KeyEvent(at, kind, 0, pitch, 80))  # type: ignore[arg-type]
    keyboard.forget(1000)
    assert keyboard.audible_until(1500) == 1500
    keyboard.update(KeyEvent(2000, "release", 0, 50))
    assert keyboard.audible_until(3000) == 2000
    assert len(keyboard.notes(1000, 3000)) == 0


def test_notes_heard_so_far_end_where_hearing_ends() -> None:
    notes = played((1.0, "press", 60, 80), (4.0, "press", 62, 80), stop_s=9.0)
    heard = notes.heard(0.0, 3.0)
    assert heard.onset_s.tolist() == [1.0]
    assert heard.end_s.tolist() == heard.release_s.tolist() == [3.0]


@given(st.data())
def test_files_are_read_as_mido_reads_them(data: st.DataObject) -> None:
    """Any tracks, tempi and keys: same keys, velocities and seconds as an independent reader."""
    file = mido.MidiFile(type=1, ticks_per_beat=data.draw(st.sampled_from([24, 96, 480, 960])))
    tempi = mido.MidiTrack()
    for _ in range(data.draw(st.integers(0, 4))):
        tempo, delta = data.draw(st.integers(200_000, 2_000_000)), data.draw(st.integers(0, 900))
        tempi.append(mido.MetaMessage("set_tempo", tempo=tempo, time=delta))
    file.tracks.append(tempi)
    for channel in range(data.draw(st.integers(1, 3))):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name="x" * 200, time=0)])
        for _ in range(data.draw(st.integers(0, 8))):
            kind = data.draw(st.sampled_from(["note_on", "note_off"]))
            note, velocity = data.draw(st.integers(0, 127)), data.draw(st.integers(0, 127))
            delta = data.draw(st.integers(0, 700))
            track.append(
                mido.Message(kind, channel=channel, note=note, velocity=velocity, time=delta)
            )
            track.append(mido.Message("program_change", channel=channel, program=3, time=0))
        file.tracks.append(track)
    blob = saved(file)
    found = read_midi(blob, RATE)
    expected, at_s = [], 0.0
    for message in mido.MidiFile(file=io.BytesIO(blob)):
        at_s += message.time
        if message.type in ("note_on", "note_off"):
            down = message.type == "note_on" and message.velocity > 0
            expected.append((at_s, message.channel, message.note, message.velocity if down else 0))
    got = [(e.at / RATE, e.channel, e.pitch, e.velocity) for e in found.events]
    assert sorted(g[1:] for g in got) == sorted(e[1:] for e in expected)
    assert np.allclose([g[0] for g in got], [e[0] for e in expected], atol=1.0 / RATE)
    assert all(a.at <= b.at for a, b in pairwise(found.events))
    assert abs(found.stop / RATE - at_s) <= 1.0 / RATE


def test_running_status_and_system_exclusive_are_understood() -> None:
    track = bytes.fromhex("00 90 3C 40  30 3E 41  00 F0 03 01 02 F7  30 3C 00  00 FF 2F 00")
    blob = b"MThd" + bytes.fromhex("00000006 0000 0001 0060") + b"MTrk"
    performance = read_midi(blob + len(track).to_bytes(4, "big") + track, RATE)
    assert [(e.kind, e.pitch, e.velocity) for e in performance.events] == [
        ("press", 60, 64),
        ("press", 62, 65),
        ("release", 60, 0),
    ]
    assert [e.at for e in performance.events] == [0, RATE // 4, RATE // 2]


def test_smpte_time_knows_no_tempo() -> None:
    """25 frames of 40 ticks a second: a tick is a millisecond."""
    track = bytes.fromhex("00 FF 51 03 01 00 00  87 68 90 3C 40  00 FF 2F 00")  # delta 1000
    blob = b"MThd" + bytes.fromhex("00000006 0000 0001 E728") + b"MTrk"
    performance = read_midi(blob + len(track).to_bytes(4, "big") + track, RATE)
    assert performance.events[0].at == RATE


@pytest.mark.parametrize(
    ("blob", "sentence"),
    [
        (b"", "not a MIDI file"),
        (b"RIFF....WAVEfmt " * 10, "not a MIDI file"),
        (b"MThd" + bytes.fromhex("00000006 0002 0001 0060"), "format 2"),
        (b"MThd" + bytes.fromhex("00000006 0001 0001 0060"), "no track"),
        (b"MThd" + bytes.fromhex("00000006 0000 0001 0000") + b"MTrk\0\0\0\0", "nothing"),
        (
            b"MThd" + bytes.fromhex("00000006 0000 0001 0060") + b"MTrk\0\0\0\x02\x00\x90",
            "breaks off",
        ),
    ],
)
def test_what_is_no_midi_file_is_told_in_a_sentence(blob: bytes, sentence: str) -> None:
    with pytest.raises(MidiFileError, match=sentence):
        read_midi(blob, RATE)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    header = b"MThd" + bytes.fromhex("00000006 0000 0001 0060") + b"MTrk"
    try:
        read = read_midi(header + len(noise).to_bytes(4, "big") + noise, RATE)
    except MidiFileError:
        return
    assert all(0 <= event.pitch < 128 and 0 <= event.velocity < 128 for event in read.events)


@given(st.binary(max_size=4))
def test_live_messages_say_what_mido_says(message: bytes) -> None:
    event = key_event(7, message)
    try:
        known = mido.Message.from_bytes(message)
    except (ValueError, IndexError):  # mido's own ways to refuse half a message
        assert event is None or max(message[1:]) > 127
        return
    if known.type == "note_on" and known.velocity:
        assert event == KeyEvent(7, "press", known.channel, known.note, known.velocity)
    elif known.type in ("note_on", "note_off"):
        assert event == KeyEvent(7, "release", known.channel, known.note)
    elif known.type != "control_change":
        assert event is None
