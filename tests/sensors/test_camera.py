"""The camera as a sensor: drawn faces in a film go through the real capture and its process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from models.face_finder import load_cascade
from oscbridge.camera import capture
from oscbridge.config import load
from oscbridge.diagnosis.checks import examine
from oscbridge.diagnosis.surroundings import check_camera
from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError, SettingsError
from oscbridge.orders import Command, Felt, Forget
from oscbridge.sensors import camera
from oscbridge.sensors.base import Told
from oscbridge.sensors.camera import CameraSensor, Config
from tests.children import running
from tests.drawn_faces import draw, empty, restless, write_film

MODULE = "oscbridge.camera.process"

DEADLINE_S = 30.0
FPS = 10.0


class Ear:
    """Collects what a sensor says, with the time."""

    def __init__(self) -> None:
        self.said: list[tuple[float, Command]] = []
        self._news = threading.Condition()

    def put(self, commands: object) -> None:
        """Take commands."""
        assert isinstance(commands, list)
        with self._news:
            self.said += [(time.monotonic(), command) for command in commands]
            self._news.notify_all()

    def wait_for(self, true: Callable[[Command], bool], after: int = 0) -> int:
        """Wait for a command; return how many there were up to it."""
        with self._news:
            assert self._news.wait_for(
                lambda: any(true(c) for _, c in self.said[after:]), DEADLINE_S
            ), [c for _, c in self.said[after:]]
            return next(i for i, (_, c) in enumerate(self.said) if i >= after and true(c)) + 1

    @property
    def felt(self) -> list[Felt]:
        """What was felt, in order."""
        return [command for _, command in self.said if isinstance(command, Felt)]


def felt(command: Command) -> bool:
    return isinstance(command, Felt)


def usual(command: Command) -> bool:
    """Whether a smile counts for nothing, since it is how the player looks."""
    return isinstance(command, Felt) and abs(command.valence or 0.0) < 0.05


def forgotten(command: Command) -> bool:
    return isinstance(command, Forget)


def wait_until(true: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


@pytest.fixture
def ear() -> Ear:
    """Give an ear for one sensor."""
    return Ear()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Give a film of somebody who smiles a little."""
    return write_film(tmp_path / "film.avi", [draw(smile=0.6)] * 30, FPS)


@pytest.fixture
def opened(film: Path, ear: Ear) -> Iterator[CameraSensor]:
    """Give a sensor that sees the film."""
    with closing(camera.open(Config(device=str(film)), ear.put)) as sensor:
        yield sensor


def test_the_camera_is_off_unless_it_is_asked_for() -> None:
    assert "camera" not in load().sensors
    assert load(overrides={"sensors.camera.enabled": True}).sensors["camera"].enabled


def test_a_smile_raises_valence_and_who_is_gone_is_forgotten_within_two_seconds(
    tmp_path: Path, ear: Ear
) -> None:
    rest, smile, nobody = [draw()] * 12, [draw(smile=1.0)] * 15, [empty()] * 25
    path = write_film(tmp_path / "film.avi", rest + smile + nobody, FPS)
    with closing(camera.open(Config(device=str(path)), ear.put)) as sensor:
        ear.wait_for(forgotten)
        wait_until(lambda: sensor.detail == "sees no face")
        again = ear.wait_for(felt, after=ear.wait_for(forgotten))
        wait_until(lambda: not sensor.detail)
        ear.wait_for(forgotten, after=again)  # the film has begun again: the better of two counts
    seen = ear.felt
    assert abs(seen[1].valence or 0.0) < 0.15
    assert max(f.valence or 0.0 for f in seen) > (seen[1].valence or 0.0) + 0.2
    smiling = max(seen, key=lambda f: f.valence or 0.0)
    assert seen[1].confidence < smiling.confidence <= 0.4
    assert {f.source for f in seen} == {"camera"}
    silences = [
        now_s - before_s
        for (before_s, before), (now_s, now) in zip(ear.said, ear.said[1:], strict=False)
        if felt(before) and forgotten(now)
    ]
    assert len(silences) >= 2
    assert min(silences) <= 2.0


def test_motion_raises_arousal_at_five_pictures_a_second(tmp_path: Path, ear: Ear) -> None:
    frames = [draw()] * 8 + restless(16, 5.0)
    path = write_film(tmp_path / "film.avi", frames, 5.0)
    with closing(camera.open(Config(device=str(path)), ear.put)):
        ear.wait_for(lambda c: isinstance(c, Felt) and (c.arousal or 0.0) > 0.1)
    assert min(f.arousal or 0.0 for f in ear.felt) < 0.0


def test_a_covered_lens_is_told_from_an_empty_room(tmp_path: Path, ear: Ear) -> None:
    black = [np.zeros((240, 320), np.uint8)] * 30
    path = write_film(tmp_path / "film.avi", black, FPS)
    with closing(camera.open(Config(device=str(path)), ear.put)) as sensor:
        wait_until(lambda: "is the lens covered?" in sensor.detail)
    assert ear.said == []


def test_a_camera_that_was_pulled_out_is_taken_up_again_when_it_is_back(
    film: Path, opened: CameraSensor, ear: Ear, tmp_path: Path
) -> None:
    ear.wait_for(felt)
    film.rename(tmp_path / "drawer.avi")
    after = ear.wait_for(forgotten)
    wait_until(lambda: "Waiting for it to come back" in opened.detail)
    (tmp_path / "drawer.avi").rename(film)
    ear.wait_for(felt, after=after)
    wait_until(lambda: not opened.detail)


def test_what_was_learned_of_the_player_outlives_a_process_that_is_killed(
    opened: CameraSensor, ear: Ear
) -> None:
    ear.wait_for(felt)
    assert opened.calibrate("neutral")
    after = ear.wait_for(usual)
    (process,) = running(MODULE)
    process.kill()
    after = ear.wait_for(forgotten, after=after)
    ear.wait_for(usual, after=after)
    assert (ear.felt[0].valence or 0.0) > 0.15


def test_pictures_are_neither_written_nor_sent(opened: CameraSensor, ear: Ear, film: Path) -> None:
    ear.wait_for(felt)
    (process,) = running(MODULE)
    written = [f.path for f in process.open_files() if f.mode not in ("r", "r+")]
    assert written == []
    assert {Path(f.path).name for f in process.open_files()} <= {film.name}
    assert process.net_connections() == []
    assert "neither kept nor sent" in opened.name


OWNER = """
import sys, psutil
from oscbridge.sensors import camera
sensor = camera.open(camera.Config(device=sys.argv[1]), lambda commands: None)
print(psutil.Process().children()[0].pid, flush=True)
sys.stdin.read()
"""


def test_the_camera_is_let_go_even_when_its_owner_is_killed(film: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(film)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        process = psutil.Process(int(owner.stdout.readline()))
        owner.kill()
    wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


def test_a_driver_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ear: Ear
) -> None:
    monkeypatch.setattr(camera, "OPEN_S", 1.0)
    os.mkfifo(tmp_path / "stuck.avi")
    with pytest.raises(DeviceError, match="did not answer within 1 s"):
        camera.open(Config(device=str(tmp_path / "stuck.avi")), ear.put)
    assert running(MODULE) == []


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"device": "nowhere.avi"}, DeviceError, "no pictures come from 'nowhere.avi'"),
        ({"device": 63}, DeviceError, "camera 63"),
        ({"model": "smiles"}, SettingsError, "no model of faces 'smiles'. .*signs"),
        ({"model": "nowhere.onnx", "labels": ("happy",)}, SettingsError, "no file 'nowhere.onnx'"),
        ({"labels": ("happy",)}, SettingsError, "labels are for a network"),
    ],
)
def test_a_wrong_setting_is_said_before_anything_runs(
    settings: dict[str, object], error: type[OscbridgeError], words: str, ear: Ear
) -> None:
    with pytest.raises(error, match=words):
        camera.open(Config(**settings), ear.put)  # pyright: ignore[reportArgumentType]
    assert running(MODULE) == []


@pytest.mark.parametrize(
    ("module", "error", "words"),
    [
        ("raise ImportError('no', name='cv2')", MissingExtraError, r"oscbridge\[camera\]"),
        ("__version__ = '5.0.0'", DeviceError, "OpenCV 5.0.0 ships no face cascades: pip install"),
    ],
)
def test_without_the_right_opencv_the_command_that_mends_it_is_told(
    module: str,
    error: type[OscbridgeError],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ear: Ear,
) -> None:
    (tmp_path / "cv2.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(error, match=words):
        camera.open(Config(), ear.put)


def test_nobody_speaks_for_a_camera_and_it_closes_twice(opened: CameraSensor) -> None:
    assert opened.inlets == ()
    with pytest.raises(ValueError, match="not for the camera"):
        opened.hear(Told("in/affect/va", (0.0, 0.0), "", "osc"))
    opened.close()
    opened.close()
    assert running(MODULE) == []


def test_the_doctor_says_whether_faces_can_be_found_without_turning_a_camera_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "cameras", lambda: ["0 (Built-in)"])
    found = check_camera()
    assert (found.verdict, running(MODULE)) == ("ok", [])
    assert cv2.__version__ in found.detail
    assert "0 (Built-in)" in found.detail
    monkeypatch.setitem(sys.modules, "cv2", None)
    load_cascade.cache_clear()
    missing = examine("camera", check_camera)
    assert missing.verdict == "limited"
    assert "oscbridge[camera]" in missing.remedy
