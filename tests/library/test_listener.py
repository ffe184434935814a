"""What is heard of a file: the same as `analyze` says, and keys, tempos and loudness."""

from __future__ import annotations

import dataclasses
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from models.types import AffectState
from oscbridge.errors import InputError, SettingsError
from oscbridge.events import Beat
from oscbridge.library.describe import describe
from oscbridge.library.key import key_of
from oscbridge.library.listener import Listener
from oscbridge.library.pulse import Beats
from oscbridge.library.timeline import Timeline
from oscbridge.library.track import KEYS
from tests.library.music_folder import ROOT, write_noise, write_song
from tests.library.pieces_in_keys import RATE, piece


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.fixture(scope="module")
def two_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calm piece in C, then noise, in stereo."""
    dice = np.random.default_rng(2)
    calm = 0.3 * piece(0)
    wild = 0.4 * dice.standard_normal(12 * RATE) * (np.arange(12 * RATE) % (RATE // 5) < 900)
    whole = np.concatenate([calm, wild]).astype(np.float32)
    path = tmp_path_factory.mktemp("parts") / "two parts.wav"
    soundfile.write(path, np.stack([whole, 0.5 * whole[::-1]], axis=1), RATE)
    return path


def test_a_track_expresses_what_analyze_says_of_the_file(
    listener: Listener, two_parts: Path
) -> None:
    lines = subprocess.run(
        [sys.executable, "-m", "oscbridge", "analyze", "--json", str(two_parts)],
        capture_output=True,
        check=True,
        cwd=ROOT,
    ).stdout.splitlines()
    records = [json.loads(line) for line in lines]
    sound = listener.listen(str(two_parts)).sound
    summary = records[-1]
    for name in ("duration_s", "valence", "arousal", "quadrant", "model"):
        assert getattr(sound, name) == pytest.approx(summary[name], abs=1e-6)
    assert sound.quadrant_probabilities == pytest.approx(
        summary["quadrant_probabilities"], abs=1e-6
    )
    segments = [record for record in records if record["type"] == "segment"]
    assert len(sound.sections) == len(segments) >= 2
    for section, segment in zip(sound.sections, segments, strict=True):
        for name in ("start_s", "end_s", "valence", "arousal", "quadrant"):
            assert getattr(section, name) == pytest.approx(segment[name], abs=1e-6)


def test_a_listener_that_has_heard_other_files_hears_the_same(
    listener: Listener, two_parts: Path, tmp_path: Path
) -> None:
    first = listener.listen(str(two_parts))
    listener.listen(str(write_song(tmp_path / "other.flac", 5)))
    assert listener.listen(str(two_parts)) == first
    assert describe(str(two_parts)) == first.sound


def test_loudness_is_that_of_pyloudnorm_on_all_channels(
    listener: Listener, two_parts: Path
) -> None:
    frames, rate = soundfile.read(two_parts, dtype="float32")
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    sound = listener.listen(str(two_parts)).sound
    assert sound.loudness_lufs == pytest.approx(meter.integrated_loudness(frames), abs=0.01)
    section = sound.sections[0]
    part = frames[: round(section.end_s * rate)]
    assert section.loudness_lufs == pytest.approx(meter.integrated_loudness(part), abs=0.3)


def test_the_key_of_a_piece_is_the_one_that_it_was_written_in(
    listener: Listener, tmp_path: Path
) -> None:
    path = tmp_path / "piece.wav"
    for key in range(len(KEYS)):
        drums = 2.0 * (key % 2)
        soundfile.write(path, piece(key, repeats=1, seed=key, drums=drums), RATE)
        assert listener.listen(str(path)).sound.key == key


def test_noise_and_nothing_have_no_key() -> None:
    assert key_of(np.zeros(12)) is None
    assert key_of(np.ones(12)) is None
    chromatic = np.tile([1.0, 0.0], 6)
    assert key_of(chromatic) is None


@pytest.mark.parametrize("bpm", [84.0, 96.0, 122.0, 132.0])
def test_the_tempo_of_a_click_is_its_own(listener: Listener, tmp_path: Path, bpm: float) -> None:
    dice = np.random.default_rng(1)
    n, step = 25 * RATE, 60.0 / bpm
    since_s = (np.arange(n) / RATE) % step
    beat = (np.arange(n) / RATE // step).astype(int)
    kick = np.sin(2 * np.pi * 60 * since_s) * np.exp(-25 * since_s)
    snare = dice.standard_normal(n) * np.exp(-40 * since_s) * (beat % 2)
    path = tmp_path / "beat.wav"
    soundfile.write(path, (0.4 * kick + 0.2 * snare).astype(np.float32), RATE)
    tempo_bpm = listener.listen(str(path)).sound.tempo_bpm
    assert tempo_bpm == pytest.approx(bpm, rel=0.02)


def beats_at(*tempi_bpm: float, confidence: float = 0.9) -> Beats:
    """Beats that follow each other at these tempi."""
    beats, time_s = Beats(), 0.0
    for number, tempo_bpm in enumerate(tempi_bpm):
        time_s += 60.0 / tempo_bpm
        beats.update(Beat(number, round(time_s * 1000), confidence, -1, tempo_bpm, 1000))
    return beats


def test_a_tracker_that_jumps_between_octaves_does_not_make_a_mean_of_them() -> None:
    assert beats_at(*[140.0] * 60, *[70.0] * 10).tempo_bpm() == pytest.approx(140.0)
    assert beats_at(*[70.0] * 60, *[140.0] * 30).tempo_bpm() == pytest.approx(70.0)
    assert beats_at(*[63.9, 64.0, 64.1] * 20, *[128.2] * 20).tempo_bpm() == pytest.approx(64.0)


def test_strays_do_not_move_the_tempo_and_a_stretch_has_its_own() -> None:
    beats = beats_at(*[120.0] * 50, *[97.0, 150.0, 83.0] * 5, *[100.0] * 60)
    assert beats.tempo_bpm(0.0, 25.0) == pytest.approx(120.0)
    assert beats.tempo_bpm(36.0, 70.0) == pytest.approx(100.0)


def test_few_beats_are_no_tempo() -> None:
    assert Beats().tempo_bpm() is None
    assert beats_at(*[120.0] * 7).tempo_bpm() is None
    assert beats_at(*[120.0] * 20).tempo_bpm(0.0, 100.0) is None
    assert beats_at(*[120.0] * 40, confidence=0.0).tempo_bpm() is None


def state(time_s: float, valence: float, music: float = 1.0) -> AffectState:
    return AffectState(
        valence, -valence, 0.5, "music", round(time_s * 100), 100, music=music,
        dominance=valence, features=tuple([valence] * 12),
    )  # fmt: skip


def test_a_timeline_tells_means_of_any_stretch() -> None:
    timeline = Timeline()
    for second in range(3000):  # longer than what was set aside at first
        timeline.update(state(second + 0.5, 0.8 if second < 1000 else -0.2))
        timeline.update(state(second + 0.7, 1.0, music=0.0))
    early, late = timeline.stretch(0.0, 1000.0), timeline.stretch(1000.0, 3000.0)
    assert (early.dominance, late.dominance) == (pytest.approx(0.8), pytest.approx(-0.2))
    assert early.embedding == pytest.approx([0.8] * 12)
    assert early.valence_spread == pytest.approx(0.0, abs=1e-6)
    whole = np.repeat([0.8, -0.2], [1000, 2000])
    assert timeline.stretch().valence_spread == pytest.approx(whole.std())
    assert timeline.stretch(5000.0, 6000.0).embedding == ()


def test_music_that_changes_is_less_certain_than_music_that_does_not() -> None:
    steady, changing = Timeline(), Timeline()
    for second in range(100):
        steady.update(state(second, 0.1))
        changing.update(state(second, 0.6 if second % 2 else -0.4))
    assert steady.stretch().valence_spread < changing.stretch().valence_spread


def test_silence_says_nothing(listener: Listener, tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(3 * RATE), RATE)
    sound = listener.listen(str(path)).sound
    assert (sound.quadrant, sound.valence, sound.arousal, sound.energy) == (0, 0.0, 0.0, 1)
    assert (sound.tempo_bpm, sound.key, sound.loudness_lufs) == (None, None, None)
    assert sound.confidence == 0.0


def test_every_number_is_one(listener: Listener, two_parts: Path) -> None:
    sound = dataclasses.asdict(listener.listen(str(two_parts)).sound)
    text = json.dumps(sound, allow_nan=False)
    assert "energy" in text
    assert 1 <= sound["energy"] <= 10
    assert all(0.0 < sound[name] < 1.0 for name in ("valence_sd", "arousal_sd", "confidence"))
    assert all(math.isfinite(value) for value in sound["embedding"])


def test_what_is_no_sound_or_too_short_is_refused(listener: Listener, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        listener.listen(str(tmp_path / "nowhere.wav"))
    with pytest.raises(InputError, match="too short"):
        listener.listen(str(write_song(tmp_path / "a.wav", 1, seconds=0.3)))
    with pytest.raises(SettingsError, match="no model"):
        describe(str(write_song(tmp_path / "b.wav", 1)), "nobody")


@pytest.mark.compiled
def test_a_long_mix_needs_no_more_memory_than_a_song(tmp_path: Path) -> None:
    """What grows is some hundred bytes a second; the sound itself would be 58 MB more."""
    short, long = write_noise(tmp_path / "a.wav", 60), write_noise(tmp_path / "b.wav", 1860)
    code = (
        "import resource, sys\nfrom oscbridge.library.listener import Listener\n"
        "listener = Listener()\nfor path in sys.argv[1:]:\n    listener.listen(path)\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    words = [sys.executable, "-c", code, str(short), str(long)]
    out = subprocess.run(words, capture_output=True, check=True, cwd=ROOT).stdout
    unit = 1 if sys.platform == "darwin" else 1024
    before, after = (int(line) * unit for line in out.split())
    assert after - before < 20e6
