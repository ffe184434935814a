"""Sound for the command line: music that changes where we know it, and files that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soundfile

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_RATE = 44_100
CHANGES_S = (6.0, 12.0)
"""Where the music changes."""
LENGTH_S = 17.5


def changing_music() -> np.ndarray:
    """Make three textures that nobody confuses, shape=(n,), float64."""
    random = np.random.default_rng(20)
    n = round(LENGTH_S * SAMPLE_RATE)
    time_s = np.arange(n) / SAMPLE_RATE
    first = 0.1 * sum(np.sin(2 * np.pi * 220 * k * time_s) / k for k in range(1, 6))
    pulse = 1.0 + np.sin(2 * np.pi * 4.0 * time_s)
    second = 0.08 * pulse * sum(np.sin(2 * np.pi * 660 * k * time_s) / k for k in range(1, 6))
    third = 0.05 * random.standard_normal(n)
    return np.select([time_s < CHANGES_S[0], time_s < CHANGES_S[1]], [first, second], third)


def write_sounds(folder: Path) -> None:
    """Write good and bad files into ``folder``."""
    music = changing_music()
    soundfile.write(folder / "music.wav", np.stack([music, 0.5 * music], axis=1), SAMPLE_RATE)
    soundfile.write(folder / "music.flac", music[: 8 * SAMPLE_RATE], SAMPLE_RATE)
    soundfile.write(folder / "silence.wav", np.zeros(3 * SAMPLE_RATE), SAMPLE_RATE)
    soundfile.write(folder / "blink.wav", music[: SAMPLE_RATE // 10], SAMPLE_RATE)
    soundfile.write(folder / "nothing.wav", music[:0], SAMPLE_RATE)
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("This is no sound.\n" * 40, encoding="utf-8")
    (folder / "folder.wav").mkdir()
    (folder / "folder.png").mkdir()
    whole = (folder / "music.flac").read_bytes()
    (folder / "torn.flac").write_bytes(whole[: len(whole) // 2])
