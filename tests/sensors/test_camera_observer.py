"""What is seen in pictures of drawn faces, without waiting for time to pass."""

from __future__ import annotations

import numpy as np
import pytest

from models.face_finder import Choice, FaceTracker
from models.face_signs import SignsModel
from oscbridge.camera.observer import Observer
from oscbridge.camera.records import Seen, Unseen
from tests.drawn_faces import draw, empty, restless, two

FPS = 10.0


def watch(frames: list[np.ndarray], fps: float = FPS, observer: Observer | None = None) -> Seen:
    """What is said after the last of some pictures of somebody."""
    looking = observer or Observer(SignsModel())
    said: Seen | Unseen = Unseen(dark=False)
    for i, frame in enumerate(frames):
        said = looking.update(frame, i / fps)
    assert isinstance(said, Seen)
    return said


def test_valence_grows_with_the_smile() -> None:
    valences = [watch([draw(smile=smile)] * 8).valence for smile in (0.0, 0.5, 1.0)]
    assert valences == sorted(valences)
    assert valences[2] > valences[0] + 0.3


@pytest.mark.parametrize("fps", [5.0, 10.0, 20.0])
def test_arousal_grows_with_motion_at_any_pace(fps: float) -> None:
    frames = int(2 * fps)
    still = watch([draw()] * frames, fps)
    slow = watch(restless(frames, fps, turns_hz=0.4), fps)
    fast = watch(restless(frames, fps), fps)
    assert still.arousal < 0.0 < fast.arousal
    assert still.arousal < slow.arousal < fast.arousal


def test_arousal_grows_when_the_mouth_opens_and_closes() -> None:
    talking = [draw(mouth=0.5 + 0.5 * np.sin(2.0 * i)) for i in range(30)]
    assert watch(talking).arousal > watch([draw()] * 30).arousal + 0.1


def test_light_that_changes_as_a_whole_is_no_motion() -> None:
    face = draw().astype(float)
    flicker = [(face * (0.7 + 0.3 * (i % 2))).astype(np.uint8) for i in range(20)]
    assert watch(flicker).arousal < watch(restless(20, FPS, turns_hz=0.4)).arousal


def test_in_a_dark_picture_there_is_no_opinion_and_it_is_told_why() -> None:
    observer = Observer(SignsModel())
    dark = (draw().astype(float) * 0.02).astype(np.uint8)
    assert observer.update(dark, 0.0) == Unseen(dark=True)
    assert observer.update(empty(), 0.1) == Unseen(dark=False)


@pytest.mark.parametrize("fault", ["dim", "small"])
def test_confidence_falls_where_a_face_is_badly_seen(fault: str) -> None:
    good = watch([draw(smile=1.0)] * 5)
    bad = (
        draw(smile=1.0, size=60.0) if fault == "small" else (draw(smile=1.0) * 0.3).astype(np.uint8)
    )
    assert 0.0 < watch([bad] * 5).confidence < 0.7 * good.confidence


def test_a_personal_neutral_face_becomes_zero_and_gives_more_confidence() -> None:
    observer = Observer(SignsModel())
    frames = [draw(smile=0.5)] * 40
    before = watch(frames[:10], observer=observer)
    observer.model.calibrate("neutral")
    for i, frame in enumerate(frames, 10):
        observer.update(frame, i / FPS)
    after = observer.update(frames[0], 5.1)
    assert isinstance(after, Seen)
    assert before.valence > 0.2 > abs(after.valence)
    broad = watch([draw(smile=1.0)] * 20, observer=observer)
    assert broad.valence > after.valence
    observer.model.calibrate("reset")
    assert observer.model.neutral == []


@pytest.mark.parametrize(
    ("choice", "sizes", "x"),
    [
        ("largest", (90.0, 120.0), 240.0),
        ("largest", (120.0, 90.0), 80.0),
        ("left", (90.0, 120.0), 80.0),
        ("right", (120.0, 90.0), 240.0),
    ],
)
def test_of_two_faces_the_wanted_one_is_chosen(
    choice: Choice, sizes: tuple[float, float], x: float
) -> None:
    box = FaceTracker(choice).update(two(*sizes), 0.0)
    assert box is not None
    assert box.centre[0] == pytest.approx(x, abs=15.0)


def test_a_chosen_face_is_kept_though_a_larger_one_comes() -> None:
    tracker = FaceTracker("largest")
    tracker.update(two(90.0, 0.0), 0.0)
    box = tracker.update(two(90.0, 125.0), 0.1)
    assert box is not None
    assert box.centre[0] == pytest.approx(80.0, abs=15.0)
    assert tracker.changes == 1


def test_another_face_is_taken_only_when_the_chosen_one_has_been_gone_for_a_while() -> None:
    tracker = FaceTracker("largest")
    tracker.update(two(90.0, 0.0), 0.0)
    assert tracker.update(two(0.0, 120.0), 0.5) is None
    box = tracker.update(two(0.0, 120.0), 1.6)
    assert box is not None
    assert box.centre[0] == pytest.approx(240.0, abs=15.0)
    assert tracker.changes == 2


def test_nothing_of_the_one_face_is_said_of_the_other() -> None:
    observer = Observer(SignsModel(), "left")
    smiling = draw(smile=1.0, size=110.0, at=(80.0, 120.0))
    other = draw(size=110.0, at=(240.0, 120.0))
    assert watch([smiling] * 15, observer=observer).valence > 0.3
    said = [observer.update(other, 1.5 + i / FPS) for i in range(15)]
    first = next(one for one in said if isinstance(one, Seen))
    assert first.valence < 0.15
