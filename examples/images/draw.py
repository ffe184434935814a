"""Draw the picture of the README: two minutes of the demo music, analysed and plotted.

Run it again when the model or the picture changes: ``python examples/images/draw.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

from oscbridge.cli import main
from oscbridge.sources.demo_music import DemoMusic

SECTION_S = 15.0
LENGTH_S = 120.0
TARGET = Path(__file__).with_name("analyze.png")


def draw(target: Path) -> None:
    """Write the picture to ``target``, in 256 colours: a README should load quickly."""
    with tempfile.TemporaryDirectory() as folder:
        music = Path(folder) / "demo.flac"
        soundfile.write(music, demo_music(), DemoMusic().sample_rate)
        picture = Path(folder) / "analyze.png"
        if main(["analyze", str(music), "--plot", str(picture)]) != 0:
            raise SystemExit("the demo music could not be analysed")
        Image.open(picture).convert("RGB").quantize(256).save(target, optimize=True)


def demo_music() -> np.ndarray:
    """Make the music, shape=(n,), float32."""
    music = DemoMusic(section_s=SECTION_S)
    n = round(LENGTH_S * music.sample_rate)
    beats: list[np.ndarray] = []
    while sum(map(len, beats)) < n:
        beats.append(music.next_beat().copy())
    return np.concatenate(beats)[:n]


if __name__ == "__main__":
    draw(TARGET)
