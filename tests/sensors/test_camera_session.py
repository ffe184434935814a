"""A whole run with a camera: it says that it looks, and what the face expresses reaches hosts."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import OscEar
from tests.drawn_faces import draw, write_film


def test_a_run_with_a_camera_says_so_and_sends_what_the_player_feels(
    tmp_path: Path, osc_ear: OscEar
) -> None:
    write_film(tmp_path / "film.avi", [draw(smile=1.0)] * 40, 10.0)
    (tmp_path / "mine.toml").write_text('[sensors.camera]\ndevice = "film.avi"\n')
    command = [sys.executable, "-m", "oscbridge", "demo", "--plain", "--no-port"]
    with subprocess.Popen(
        [*command, "--config", "mine.toml", "--to", osc_ear.target],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            source = osc_ear.wait_for("/oscbridge/player/source", deadline_s=60.0)
            said = osc_ear.wait_for("/oscbridge/player/valence", count=3, deadline_s=60.0)
        finally:
            process.send_signal(signal.SIGINT)
            out, complaints = process.communicate(timeout=30.0)
    assert (process.returncode, complaints) == (0, "")
    assert "told of the player by camera film.avi" in out
    assert "neither kept nor sent" in out
    assert source[-1].args == ("camera",)
    assert isinstance(value := said[-1].args[0], float)
    assert 0.0 < value <= 1.0
