"""Real files of every format: what comes out, when, and what is said about broken ones."""

from __future__ import annotations

import os
import sys
import time

import numpy as np
import pytest
import soundfile

from oscbridge.errors import InputError
from oscbridge.sources.file import File
from oscbridge.sources.pace import Pace
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats

TONE_HZ = 440.0


def tone(sample_rate: int, seconds: float, channels: int = 1) -> np.ndarray:
    """A 440 Hz sine of amplitude 0.5 with a little noise, so that every codec has work to do."""
    count = round(sample_rate * seconds)
    random = np.random.default_rng(1)
    wave = 0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(count) / sample_rate)
    wave += 0.003 * random.standard_normal(count)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def read_all(source) -> list[np.ndarray]:
    """All blocks, copied, each checked to follow the one before."""
    blocks, position = [], 0
    while not source.finished:
        block = source.read(1.0)
        if block is None:
            continue
        assert block.start == position
        assert block.gap == 0
        assert block.sample_rate == source.sample_rate
        assert block.samples.dtype == np.float32
        assert np.isfinite(block.samples).all()
        position = block.stop
        blocks.append(block.samples.copy())
    return blocks


def fast(path, settings=None, stats=None) -> File:
    return File(str(path), settings or SourceSettings(), realtime=False, stats=stats)


def peak_hz(samples: np.ndarray, sample_rate: int) -> float:
    """Loudest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * sample_rate / len(samples)


@pytest.mark.parametrize(
    ("name", "options", "sample_rate"),
    [
        ("a.wav", {"subtype": "PCM_16"}, 44100),
        ("a.wav", {"subtype": "PCM_24"}, 48000),
        ("a.wav", {"subtype": "PCM_U8"}, 8000),
        ("a.wav", {"subtype": "FLOAT"}, 192000),
        ("a.wav", {"subtype": "DOUBLE"}, 96000),
        ("a.flac", {}, 44100),
        ("a.flac", {}, 8000),
        ("a.ogg", {"subtype": "VORBIS"}, 44100),
        ("a.opus", {"format": "OGG", "subtype": "OPUS"}, 48000),
        ("a.mp3", {}, 44100),
        ("a.mp3", {}, 16000),
        ("a.aiff", {}, 32000),
    ],
)
def test_every_format_and_rate_gives_the_tone_that_was_written(
    tmp_path, name, options, sample_rate
):
    path = tmp_path / name
    soundfile.write(path, tone(sample_rate, 1.0, 2), sample_rate, **options)
    source = fast(path)
    assert source.sample_rate == sample_rate
    assert source.name == name
    assert source.duration_s == pytest.approx(1.0, abs=0.06)
    samples = np.concatenate(read_all(source))
    assert len(samples) / sample_rate == pytest.approx(1.0, abs=0.06)
    assert peak_hz(samples, sample_rate) == pytest.approx(TONE_HZ, abs=2.0)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    assert source.health.ok
    source.close()
    source.close()


@pytest.mark.parametrize("block_size", [1, 17, 509, 4096, 100_000])
def test_every_block_size_gives_the_same_samples(tmp_path, block_size):
    path = tmp_path / "odd.wav"
    soundfile.write(path, tone(8000, 0.777, 2), 8000, subtype="FLOAT")
    blocks = read_all(fast(path, SourceSettings(block_size=block_size)))
    assert max(map(len, blocks)) <= block_size
    assert np.array_equal(np.concatenate(blocks), tone(8000, 0.777)[:, 0])


def test_eight_channels_are_mixed_and_can_be_picked(tmp_path):
    path = tmp_path / "eight.wav"
    levels = np.arange(8, dtype=np.float32) / 16
    soundfile.write(path, np.tile(levels, (1000, 1)), 48000, subtype="FLOAT")
    mixed = np.concatenate(read_all(fast(path)))
    assert np.allclose(mixed, levels.mean(), atol=1e-6)
    picked = np.concatenate(read_all(fast(path, SourceSettings(channels=(3, 8)))))
    assert np.allclose(picked, (levels[2] + levels[7]) / 2, atol=1e-6)
    with pytest.raises(InputError, match=r"'eight.wav' has 8 channel\(s\), channel 9"):
        fast(path, SourceSettings(channels=(1, 9)))


def test_nan_infinite_and_absurd_samples_are_counted_and_never_come_out(tmp_path):
    path = tmp_path / "bad.wav"
    samples = tone(8000, 0.1)[:, 0]
    samples[10], samples[20], samples[30], samples[40] = np.nan, np.inf, -np.inf, 1e30
    soundfile.write(path, samples, 8000, subtype="FLOAT")
    stats = Stats()
    heard = np.concatenate(read_all(fast(path, SourceSettings(block_size=7), stats)))
    assert heard[[10, 20, 30]].tolist() == [0.0, 0.0, 0.0]
    assert stats.nonfinite == 3
    assert stats.clipped == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"Dear diary, today I named a text file song.wav.\n" * 40, "is not audio .* WAV, FLAC"),
        (bytes(5000), "is not audio"),
    ],
)
def test_a_file_that_is_not_audio_is_one_sentence_with_its_name(tmp_path, content, sentence):
    path = tmp_path / "song.wav"
    path.write_bytes(content)
    with pytest.raises(InputError, match=sentence) as caught:
        fast(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_and_a_file_without_samples_each_have_their_own_sentence(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        fast(tmp_path / "nothing.wav")
    with pytest.raises(InputError, match="is a folder"):
        fast(tmp_path)
    with pytest.raises(InputError, match="there is no file"):
        fast("bad\0name.wav")
    soundfile.write(tmp_path / "none.wav", np.zeros(0), 44100)
    with pytest.raises(InputError, match="holds no samples"):
        fast(tmp_path / "none.wav")


def test_a_file_without_permission_says_so(tmp_path, monkeypatch):
    path = tmp_path / "secret.wav"
    soundfile.write(path, tone(8000, 0.1), 8000)

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.open", refuse)  # root reads everything
    with pytest.raises(InputError, match=r"secret\.wav' cannot be read: Permission denied"):
        fast(path)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", {}),
        ("a.flac", {}),
        ("a.mp3", {}),
        ("a.aiff", {}),
        ("a.opus", {"format": "OGG", "subtype": "OPUS"}),
    ],
)
def test_a_truncated_file_delivers_what_it_has_and_says_that_it_breaks_off(tmp_path, name, options):
    whole, half = tmp_path / f"whole_{name}", tmp_path / name
    soundfile.write(whole, tone(48000, 4.0), 48000, **options)
    content = whole.read_bytes()
    half.write_bytes(content[: len(content) // 2])
    source = fast(half)
    heard_s = sum(map(len, read_all(source))) / 48000
    assert 0.5 < heard_s < 3.5
    assert not source.health.ok
    assert f"breaks off after {heard_s:.1f} s" in source.health.detail


def test_a_wav_of_unknown_length_as_programs_write_into_pipes_is_whole(tmp_path):
    path = tmp_path / "piped.wav"
    soundfile.write(path, tone(8000, 0.5), 8000)
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    source = fast(path)
    assert sum(map(len, read_all(source))) == 4000
    assert source.health.ok


def test_paced_reading_hands_a_block_out_when_its_last_sample_would_have_been_played(tmp_path):
    path = tmp_path / "paced.wav"
    soundfile.write(path, tone(8000, 0.4), 8000)
    source = open_source(str(path), SourceSettings(block_size=400))
    assert source.latency_s == pytest.approx(0.05)
    began_s = time.monotonic()
    arrivals = []
    while not source.finished:
        block = source.read(0.02)
        if block is not None:
            arrivals.append((time.monotonic() - began_s, block.stop / 8000))
    assert len(arrivals) == 8
    assert all(at_s >= due_s - 0.001 for at_s, due_s in arrivals)


@pytest.mark.parametrize("opened", range(3))
def test_what_a_paced_file_decodes_ahead_does_not_show(tmp_path, monkeypatch, opened):
    monkeypatch.setattr(Pace, "wait", lambda *_: True)  # every block is due
    path = tmp_path / "tone.flac"
    wave = tone(44_100, 1.234, 2)
    soundfile.write(path, wave, 44_100, subtype="PCM_24")
    blocks = read_all(File(str(path), SourceSettings(block_size=509), realtime=True))
    assert {len(block) for block in blocks[:-1]} == {509}
    np.testing.assert_allclose(np.concatenate(blocks), wave.mean(axis=1), atol=1e-6)


def test_a_paced_read_that_is_not_due_in_time_returns_nothing(tmp_path):
    path = tmp_path / "slow.wav"
    soundfile.write(path, tone(8000, 20.0), 8000)
    source = open_source(str(path), SourceSettings(block_size=80_000))
    assert source.read(0.01) is None
    assert not source.finished
    source.close()
    assert source.finished
    assert source.read(0.01) is None


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only on Linux")
def test_a_file_whose_name_is_in_another_encoding_can_be_read(tmp_path):
    soundfile.write(tmp_path / "plain.wav", tone(8000, 0.1), 8000)
    strange = os.fsencode(tmp_path) + b"/caf\xe9.wav"  # Latin-1
    os.rename(tmp_path / "plain.wav", strange)
    assert sum(map(len, read_all(fast(os.fsdecode(strange))))) == 800
