"""Marks of sections teach the detector of boundaries: bounded, undoable, kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

from dsp.boundary import Candidate
from models.personal_sections import REACH, Weighed, learned_sensitivity
from oscbridge.events import Boundary, Novelty
from oscbridge.hearing.own_ear import OwnEar
from oscbridge.profile import Profile
from oscbridge.profiles import folder as profiles
from oscbridge.profiles.folder import Base
from oscbridge.profiles.opening import open_kept
from oscbridge.profiles.refusal import RefusedError

RATE = 100
DEADLINE_S = 20.0


def wanted(*needed: float) -> list[Weighed]:
    return [Weighed(one, wanted=True) for one in needed]


def none(*needed: float) -> list[Weighed]:
    return [Weighed(one, wanted=False) for one in needed]


def test_without_marks_it_is_what_was_set() -> None:
    assert learned_sensitivity([], 0.37) == 0.37
    assert learned_sensitivity(wanted(0.1, 0.2), 0.37) == 0.37  # these are told anyway


@pytest.mark.parametrize("usual", [0.0, 0.3, 0.5, 1.0])
def test_it_stays_in_reach_whatever_is_said(usual: float) -> None:
    for said in (wanted(*[0.99] * 100), none(*[0.01] * 100), wanted(5.0) + none(-5.0)):
        learned = learned_sensitivity(said, usual)
        assert 0.0 <= learned <= 1.0
        assert abs(learned - usual) <= REACH + 1e-9


def test_sections_that_were_missed_make_it_readier_and_those_that_were_none_less_ready() -> None:
    missed = learned_sensitivity(wanted(0.56), 0.5)
    assert 0.55 < missed < 0.65
    rejected = learned_sensitivity(none(0.46), 0.5)
    assert 0.35 < rejected < 0.47
    assert learned_sensitivity(wanted(*[0.56] * 5), 0.5) > 0.58


def test_who_says_both_of_the_same_evidence_moves_nothing() -> None:
    learned = learned_sensitivity(wanted(*[0.6] * 5) + none(*[0.55] * 5), 0.5)
    assert learned == pytest.approx(0.5, abs=0.06)


def test_a_change_that_hardly_anything_speaks_for_is_not_worth_it() -> None:
    assert learned_sensitivity(wanted(0.72), 0.5) == pytest.approx(0.5, abs=0.02)


@dataclass
class Detector:
    """Has a change in the air, and notes how ready it is made."""

    candidate: Candidate | None = None
    sensitivity: float = 0.5
    asked: list[float] = field(default_factory=list)

    @property
    def adjustable(self) -> Detector:
        return self

    def adjust(self, sensitivity: float) -> None:
        self.asked.append(sensitivity)
        self.sensitivity = sensitivity

    def needed(self, strength: float) -> float:
        return self.sensitivity - strength


class Listener:
    """Has a detector."""

    def __init__(self) -> None:
        self.detector = Detector()

    def begin_anew(self, back_s: float) -> None:
        """Forget nothing."""


class Nobody:
    """Takes what nobody looks at."""

    def put(self, results, arrived_s=None) -> None:
        """Take results."""


class Music:
    """Music on its way to a listener: seconds go by, changes are in the air."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.analyzer = Listener()
        self.ear = OwnEar(Nobody(), profile, "", self.analyzer)
        self.now_s = 0

    def play(self, seconds: int, change: Candidate | None = None) -> None:
        self.analyzer.detector.candidate = change
        for _ in range(seconds):
            self.now_s += 1
            self.ear.put([Novelty(0.1, self.now_s * RATE, RATE)])

    def cut(self, strength: float) -> None:
        self.ear.put([Boundary(1, self.now_s * RATE, self.now_s * RATE, strength, RATE)])


def weighed(profile: Profile, count: int) -> tuple[Weighed, ...]:
    """What was weighed, once there are so many: a thread of its own weighs."""
    end_s = time.monotonic() + DEADLINE_S
    while len(profile.taught.weighed) < count and time.monotonic() < end_s:
        time.sleep(0.005)
    return profile.taught.weighed


def test_a_mark_is_weighed_when_the_music_has_gone_on_and_the_detector_follows() -> None:
    profile = Profile()
    music = Music(profile)
    music.play(10)
    music.play(1, Candidate(9 * RATE, 0.1, 0.7))
    profile.mark("")
    music.play(2, Candidate(9 * RATE, 0.2, 0.58))  # the evidence grows after the press
    assert profile.taught.weighed == ()
    music.play(4, Candidate(14 * RATE, 0.2, 0.51))  # this one is another change
    assert weighed(profile, 1) == (Weighed(0.58, wanted=True),)
    music.play(1)
    assert music.analyzer.detector.asked == [learned_sensitivity(wanted(0.58), 0.5)]
    profile.undo()
    assert profile.taught.weighed == ()
    assert profile.taught.marks == ()
    music.play(1)
    assert music.analyzer.detector.asked[-1] == 0.5


def test_a_mark_where_nothing_was_in_the_air_teaches_nothing() -> None:
    profile = Profile()
    music = Music(profile)
    music.play(10)
    profile.mark("")
    music.play(10)
    profile.weigh_marks(everything=True)
    assert profile.taught.weighed == ()
    assert len(profile.taught.marks) == 1


def test_the_section_that_was_told_last_is_none() -> None:
    profile = Profile()
    music = Music(profile)
    with pytest.raises(RefusedError, match="no section"):
        profile.no_section("")
    music.play(10)
    music.cut(0.03)
    profile.no_section("")
    assert profile.taught.weighed == (Weighed(0.47, wanted=False),)
    music.play(1)
    assert music.analyzer.detector.sensitivity < 0.47
    profile.undo()
    music.play(1)
    assert music.analyzer.detector.sensitivity == 0.5


def test_frozen_nothing_is_learned_from_marks() -> None:
    profile = Profile()
    music = Music(profile)
    music.play(10, Candidate(9 * RATE, 0.1, 0.55))
    profile.hold(frozen=True)
    profile.mark("")
    profile.weigh_marks(everything=True)
    music.cut(0.1)
    with pytest.raises(RefusedError, match="frozen"):
        profile.no_section("")
    assert profile.taught.weighed == ()


def test_what_marks_taught_is_kept_and_a_mark_at_the_very_end_too(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(profiles.FOLDER, str(tmp_path))
    found = open_kept("anna", Base("music", "x"), required=True)
    profile = Profile(found.keeper, found.course)
    music = Music(profile)
    music.play(10, Candidate(9 * RATE, 0.1, 0.56))
    profile.mark("", "chorus")
    profile.close()
    again = open_kept("anna", Base("music", "x"), required=True)
    assert again.course.now.weighed == (Weighed(0.56, wanted=True),)
    heard = Music(Profile(again.keeper, again.course))
    heard.play(1)
    assert heard.analyzer.detector.sensitivity == learned_sensitivity(wanted(0.56), 0.5)
    heard.profile.reset()
    heard.play(1)
    assert heard.analyzer.detector.sensitivity == 0.5
    heard.profile.close()
