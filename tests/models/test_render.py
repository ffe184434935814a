"""Scores become sound: the right pitch at the right time, whoever plays."""

from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from models.training import render as rendering
from models.training.plucked import draw_tone
from models.training.render import RATE, TRAINING_FONTS, Voice, draw_voice, render
from models.training.sampled import INSTRUMENTS, find_instrument, load_instrument
from models.training.synthesisers import find_soundfont


def write_score(
    path: Path, notes: list[tuple[float, float, int, int]], pedal: bool = False
) -> Path:
    """A score of (begin s, end s, pitch, velocity), at 1000 ticks a second."""
    events = [(0.0, mido.Message("control_change", control=64, value=127))] if pedal else []
    for begin, end, pitch, velocity in notes:
        events.append((begin, mido.Message("note_on", note=pitch, velocity=velocity)))
        events.append((end, mido.Message("note_off", note=pitch)))
    events.sort(key=lambda event: event[0])
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000)])
    now = 0.0
    for time_s, message in events:
        track.append(message.copy(time=round((time_s - now) * 1000)))
        now = time_s
    mido.MidiFile(ticks_per_beat=500, tracks=[track]).save(path)
    return path


def peak_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 4 * len(samples)))
    return float(spectrum.argmax() * RATE / (4 * len(samples)))


VOICES = {
    "piano": Voice(TRAINING_FONTS[0], program=0, pedal=True),
    "strings of our own": Voice("plucked", tone=draw_tone(np.random.default_rng(2))),
    "recorded notes": Voice("tonejs"),
}


@pytest.fixture(scope="module")
def instruments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of instruments with one in it: tones that fade, a minor third apart."""
    folder = tmp_path_factory.mktemp("instruments")
    (folder / "tonejs").mkdir()
    t = np.arange(3 * RATE) / RATE
    for octave in range(2, 7):
        for letter, pitch in (("C", 0), ("Ds", 3), ("F#", 6), ("A", 9)):
            hz = 440.0 * 2.0 ** ((12 * (octave + 1) + pitch - 69) / 12)
            tone = 0.4 * np.exp(-t / 1.5) * np.sin(2 * np.pi * hz * t)
            soundfile.write(folder / "tonejs" / f"{letter}{octave}.wav", tone, RATE)
    (folder / "tonejs" / "README.md").write_text("no sound")
    (folder / "empty").mkdir()
    return folder


@pytest.fixture(params=VOICES)
def voice(
    request: pytest.FixtureRequest, instruments: Path, monkeypatch: pytest.MonkeyPatch
) -> Voice:
    monkeypatch.setenv("OSCBRIDGE_INSTRUMENTS", str(instruments))
    voice = VOICES[request.param]
    if voice.font in TRAINING_FONTS:
        try:
            find_soundfont(voice.font)
        except FileNotFoundError:
            pytest.skip("timgm6mb-soundfont is not installed: `make hosts`")
    return voice


def test_notes_sound_at_their_pitch_and_time(voice: Voice, tmp_path: Path) -> None:
    score = write_score(tmp_path / "a.mid", [(0.0, 0.9, 69, 100), (1.0, 1.9, 76, 100)])
    samples = render(score, voice)
    assert np.abs(samples).max() == pytest.approx(0.5)
    first, second = samples[RATE // 8 : RATE * 7 // 8], samples[RATE * 9 // 8 : RATE * 15 // 8]
    assert min(abs(peak_hz(first) / (440.0 * k) - 1) for k in (1, 2, 3)) < 0.01
    assert min(abs(peak_hz(second) / (659.26 * k) - 1) for k in (1, 2, 3)) < 0.01


def test_tempo_and_transposition_are_heard(voice: Voice, tmp_path: Path) -> None:
    from dataclasses import replace

    score = write_score(tmp_path / "a.mid", [(0.0, 1.9, 69, 100), (2.0, 2.9, 69, 100)])
    plain, changed = (render(score, v) for v in (voice, replace(voice, tempo=1.05, transpose=2)))
    assert min(abs(peak_hz(changed[:RATE]) / (493.88 * k) - 1) for k in (1, 2, 3)) < 0.01
    assert len(plain) - len(changed) == pytest.approx(2.9 * RATE * (1 - 1 / 1.05), rel=0.2)


def test_the_pedal_holds_what_was_let_go(voice: Voice, tmp_path: Path) -> None:
    notes = [(0.0, 0.1, 60, 110), (1.9, 2.0, 96, 1)]
    dry = render(write_score(tmp_path / "dry.mid", notes), voice)
    held = render(write_score(tmp_path / "held.mid", notes, pedal=True), voice)
    later = slice(RATE // 2, RATE)
    assert np.square(held[later]).mean() > 4 * np.square(dry[later]).mean()


def test_a_loud_key_is_louder(voice: Voice, tmp_path: Path) -> None:
    samples = render(
        write_score(tmp_path / "a.mid", [(0.0, 0.4, 60, 30), (1.5, 1.9, 60, 120)]), voice
    )
    soft, loud = samples[: RATE // 3], samples[RATE * 3 // 2 : RATE * 11 // 6]
    assert np.abs(loud).max() > 2 * np.abs(soft).max()


def test_voices_for_training_are_never_the_one_that_examines() -> None:
    rng = np.random.default_rng(0)
    voices = [draw_voice(rng, piano=True) for _ in range(300)]
    assert {v.font for v in voices} == {*TRAINING_FONTS, *INSTRUMENTS, "plucked"}
    assert rendering.HELD_OUT not in {v.font for v in voices}
    assert all(0.95 <= v.tempo <= 1.05 and abs(v.transpose) <= 2 for v in voices)
    assert all(draw_voice(rng, piano=False).program is None for _ in range(20))


def test_a_missing_soundfont_says_where_it_was_looked_for() -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.sf2 is in none of /usr/share"):
        find_soundfont("none.sf2")


def test_a_missing_instrument_says_where_it_is_to_be_had(
    instruments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSCBRIDGE_INSTRUMENTS", str(instruments))
    with pytest.raises(FileNotFoundError, match="salamander is not there; it holds Salamander"):
        find_instrument("salamander")


def test_a_folder_without_notes_is_no_instrument(instruments: Path) -> None:
    with pytest.raises(ValueError, match=r"no recording named by its note, as A4\.ogg"):
        load_instrument(instruments / "empty", RATE)


def test_a_harder_stroke_takes_a_louder_layer(tmp_path: Path) -> None:
    for layer, level in ((1, 0.1), (9, 0.3), (15, 0.9)):
        soundfile.write(tmp_path / f"A4v{layer}.wav", np.full(RATE // 10, level), RATE)
    instrument = load_instrument(tmp_path, RATE)
    heard = [instrument.pick(69, velocity)[0].max() for velocity in (1, 60, 127)]
    assert heard == pytest.approx([0.1 / 0.9, 0.3 / 0.9, 1.0], rel=1e-3)
    assert instrument.pick(81, 60)[1] == pytest.approx(2.0)
