"""What a user teaches counts at once, can be taken back, is kept, and belongs to its model."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from models.personal_features import FEATURES
from models.types import AffectState
from oscbridge.errors import SettingsError
from oscbridge.labels import Labels
from oscbridge.profile import Profile
from oscbridge.profiles import folder as profiles
from oscbridge.profiles.folder import Base, look_into
from oscbridge.profiles.journal import DAMAGED, LOG
from oscbridge.profiles.opening import migrate, open_kept
from oscbridge.profiles.refusal import RefusedError
from oscbridge.sight import Sight

BASE = Base("music", "0123456789ab")
OTHER = Base("music", "ba9876543210")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(profiles.FOLDER, str(tmp_path))
    return tmp_path


def heard(valence: float, arousal: float, sound: float = 0.0) -> AffectState:
    features = (sound,) * len(FEATURES)
    return AffectState(valence, arousal, 0.6, "music", 1, 1, features=features)


def opened(name: str = "anna", base: Base = BASE) -> Profile:
    found = open_kept(name, base, required=True)
    return Profile(found.keeper, found.course, clock=iter(range(10**6)).__next__)


def playing(profile: Profile, valence: float, arousal: float, sound: float = 0.0) -> AffectState:
    return profile.hear("", heard(valence, arousal, sound))


def test_who_teaches_nothing_leaves_nothing_behind(folder: Path) -> None:
    profile = opened()
    playing(profile, 0.5, 0.5)
    profile.close()
    assert list(folder.iterdir()) == []


def test_a_quadrant_by_its_number_or_its_word_moves_what_plays_now() -> None:
    for word in ("3", "sad", "SAD"):
        profile = Profile()
        assert playing(profile, 0.4, -0.3).quadrant == 4
        profile.teach("", word)
        assert playing(profile, 0.4, -0.3).quadrant == 3


def test_the_words_that_a_user_has_given_are_the_ones_that_teach() -> None:
    profile = Profile(labels=Labels(q3="blue"))
    playing(profile, 0.4, -0.3)
    profile.teach("", "blue")
    assert playing(profile, 0.4, -0.3).quadrant == 3
    profile.rename(3, "Trübsinn")
    assert profile.words().of(3) == "Trübsinn"


def test_a_new_word_is_a_label_where_the_music_is_and_more_examples_shape_it() -> None:
    profile = Profile()
    playing(profile, 0.6, -0.4)
    profile.teach("", "Sonnenuntergang")
    (label,) = profile.places()
    assert (label.valence, label.arousal) == (0.6, -0.4)
    assert label.weight(0.6, -0.4) == 1.0
    for valence in (0.2, 0.3, 0.25):
        playing(profile, valence, 0.0)
        profile.teach("", "sonnenuntergang")
    (label,) = profile.places()
    assert label.examples == 4
    assert 0.2 < label.valence < 0.6
    assert label.slug == "sonnenuntergang"


def test_a_label_that_was_put_somewhere_teaches_where_the_music_lies() -> None:
    profile = Profile()
    profile.define("calm", (0.5, -0.8), (0.3, 0.3))
    before = playing(profile, 0.5, 0.3)
    profile.teach("", "calm")
    after = playing(profile, 0.5, 0.3)
    assert after.arousal < before.arousal - 0.3
    assert profile.places()[0].examples == 0


def test_labels_keep_their_numbers_and_slugs_and_a_free_number_is_given_again() -> None:
    profile = Profile()
    for name in ("Freude", "Tränen", "悲しい", "Träne n"):
        profile.define(name, (0.0, 0.0), (0.3, 0.3))
    said = [(label.number, label.slug) for label in profile.places()]
    assert said == [(1, "freude"), (2, "tranen"), (3, "label"), (4, "trane_n")]
    profile.delete("tränen")
    profile.define("Neu", (0.0, 0.0), (0.3, 0.3))
    assert [(x.number, x.name) for x in profile.places()][1] == (2, "Neu")


@pytest.mark.parametrize(
    ("teach", "reason"),
    [
        (lambda p: p.teach("", "sad"), "nothing plays"),
        (lambda p: p.wrong(""), "nothing plays"),
        (lambda p: p.delete("x"), "no label 'x'"),
        (lambda p: p.undo(), "nothing to take back"),
        (lambda p: p.define("17", (0.0, 0.0), (0.3, 0.3)), "no number"),
        (lambda p: p.define("a\nb", (0.0, 0.0), (0.3, 0.3)), "one line"),
        (lambda p: p.rename(1, "x" * 65), "64 characters"),
    ],
)
def test_what_cannot_be_taught_is_refused_in_a_sentence(teach, reason: str) -> None:
    profile = Profile()
    with pytest.raises(RefusedError, match=reason):
        teach(profile)
    assert profile.taught == Profile().taught


def test_one_press_takes_each_lesson_back_the_last_one_first() -> None:
    profile = Profile()
    playing(profile, 0.4, 0.4)
    steps = [profile.taught]
    for lesson in (
        lambda: profile.teach("", "sad"),
        lambda: profile.define("calm", (0.5, -0.5), (0.3, 0.3)),
        lambda: profile.teach("", "fog"),
        lambda: profile.wrong(""),
        lambda: profile.rename(2, "angst"),
        lambda: profile.delete("calm"),
        profile.reset,
    ):
        lesson()
        steps.append(profile.taught)
    for expected in reversed(steps[:-1]):
        profile.undo()
        assert profile.taught == expected
    assert playing(profile, 0.4, 0.4) == heard(0.4, 0.4)


def test_while_it_is_frozen_corrections_are_refused_and_labels_are_not() -> None:
    profile = Profile()
    playing(profile, 0.4, 0.4)
    profile.hold(frozen=True)
    with pytest.raises(RefusedError, match="frozen"):
        profile.teach("", "sad")
    profile.define("calm", (0.5, -0.5), (0.3, 0.3))
    profile.hold(frozen=False)
    profile.teach("", "sad")
    assert profile.personal.count == 1


def test_who_goes_back_and_forth_is_held_back_and_it_shows() -> None:
    profile = Profile(clock=iter(range(100)).__next__)
    for word in ("happy", "sad", "happy"):
        playing(profile, 0.1, 0.1)
        profile.teach("", word)
    assert profile.held_back == 3
    assert playing(profile, 0.1, 0.1) == heard(0.1, 0.1)


def test_all_that_was_taught_is_there_again() -> None:
    profile = opened()
    playing(profile, 0.4, 0.4)
    profile.teach("", "sad")
    profile.teach("", "Nebel")
    profile.define("calm", (0.5, -0.5), (100.0, 0.3))
    profile.rename(1, "喜び")
    profile.mark("", "chorus")
    profile.wrong("")
    profile.undo()
    expected, heard_as = profile.taught, playing(profile, 0.4, 0.4)
    assert profile.saved == 7
    profile.close()
    again = opened()
    assert again.taught == expected
    assert playing(again, 0.4, 0.4) == heard_as
    assert look_into("anna")[1].now == expected
    assert profiles.names() == ["anna"]


def test_killed_without_a_word_nothing_is_lost(folder: Path) -> None:
    child = os.fork()
    if child == 0:
        profile = opened()
        playing(profile, 0.4, 0.4)
        profile.teach("", "sad")
        os._exit(9)
    os.waitpid(child, 0)
    assert opened().personal.count == 1


def test_a_long_log_becomes_a_state_when_it_is_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oscbridge.profiles.keeping.SETTLE_AFTER", 10)
    profile = opened()
    for number in range(12):
        profile.define(f"label {number}", (0.1, 0.1), (0.3, 0.3))
    profile.close()
    assert (folder / "anna" / LOG).read_bytes() == b""
    assert len(opened().places()) == 12


def test_a_thousand_corrections_come_back_in_a_moment(folder: Path) -> None:
    profile = opened()
    for number in range(1000):
        playing(profile, 0.3, 0.3, sound=(number % 50) / 10.0)
        profile.correct("", -0.1, 0.3)
    assert profile.personal.count == 1000
    profile.close()
    again = opened()
    assert again.personal.count == 1000
    assert playing(again, 0.3, 0.3).valence == playing(profile, 0.3, 0.3).valence


def test_a_profile_in_use_is_refused_by_name_and_does_without_by_default() -> None:
    first = opened()
    first.define("calm", (0.5, -0.5), (0.3, 0.3))
    with pytest.raises(SettingsError, match=f"in use by another oscbridge .process {os.getpid()}"):
        opened()
    found = open_kept("anna", BASE, required=False)
    second = Profile(found.keeper, found.course)
    second.define("storm", (-0.5, 0.8), (0.3, 0.3))
    assert "in use" in second.trouble
    assert "in use" in found.news
    assert [label.name for label in first.places()] == ["calm"]
    first.close()
    assert [label.name for label in opened().places()] == ["calm"]


def test_going_over_to_another_profile_keeps_both_and_lets_the_first_one_go() -> None:
    found = open_kept("anna", BASE, required=True)
    profile = Profile(
        found.keeper, found.course, open_other=lambda name: open_kept(name, BASE, required=True)
    )
    playing(profile, 0.4, 0.4)
    profile.teach("", "sad")
    assert playing(profile, 0.4, 0.4).quadrant == 3
    profile.use("otto")
    assert playing(profile, 0.4, 0.4) == heard(0.4, 0.4)
    profile.define("calm", (0.5, -0.5), (0.3, 0.3))
    anna = opened("anna")
    assert anna.personal.count == 1
    with pytest.raises(RefusedError, match="in use by another oscbridge"):
        profile.use("anna")
    assert profile.name == "otto"
    anna.close()
    profile.use("anna")
    assert playing(profile, 0.4, 0.4).quadrant == 3
    profile.use("")
    profile.define("storm", (-0.5, 0.5), (0.3, 0.3))
    assert profiles.names() == ["anna", "otto"]
    with pytest.raises(RefusedError, match="no profile can be called"):
        profile.use("../anna")


SIGHT = Sight(origin=(0.3, -0.2), stretch=(2.0, 0.5))


def told(profile: Profile, valence: float, arousal: float) -> tuple[float, float]:
    """What a user is told who has turned origin and sensitivity."""
    state = playing(profile, valence, arousal)
    return SIGHT.seen(state.valence, state.arousal)


def test_a_point_is_meant_where_it_is_seen() -> None:
    profile = Profile()
    for _ in range(30):
        told(profile, 0.5, 0.4)  # seen at (0.4, 0.3)
        profile.correct("", -0.4, 0.1, SIGHT)
    assert told(profile, 0.5, 0.4) == pytest.approx((-0.4, 0.1), abs=0.05)


def test_a_quadrant_is_meant_as_it_is_seen() -> None:
    profile = Profile()
    seen = told(profile, 0.2, 0.4)
    assert (seen[0] < 0.0, seen[1] > 0.0) == (True, True)  # heard as 1, seen as 2
    profile.teach("", "2", SIGHT)
    after = told(profile, 0.2, 0.4)
    assert after[0] < seen[0]
    assert after[1] == pytest.approx(seen[1], abs=0.2)
    profile.teach("", "1", SIGHT)
    profile.teach("", "1", SIGHT)
    assert told(profile, 0.2, 0.4)[0] > 0.0


def test_wrong_is_said_of_the_quadrant_that_is_seen() -> None:
    profile = Profile()
    before = told(profile, 0.25, 0.4)  # valence is seen just below zero, arousal clearly above
    profile.wrong("", SIGHT)
    (saying,) = profile.taught.sayings
    assert SIGHT.seen(saying.correction.valence or 0.0, 0.0)[0] > 0.0 > before[0]


def test_of_an_axis_that_nobody_sees_nothing_is_said() -> None:
    profile = Profile()
    playing(profile, 0.4, 0.4)
    profile.correct("", -0.5, -0.5, Sight(stretch=(0.0, 1.0)))
    assert profile.taught.sayings[0].correction.valence is None


def test_a_profile_taught_with_another_model_is_refused_with_the_way_out() -> None:
    profile = opened()
    playing(profile, 0.4, 0.4)
    profile.teach("", "sad")
    profile.close()
    with pytest.raises(SettingsError, match="oscbridge labels migrate anna") as refused:
        opened(base=OTHER)
    assert "0123456789ab" in str(refused.value)
    assert "ba9876543210" in str(refused.value)
    assert opened().personal.count == 1


def test_a_profile_is_carried_over_with_its_labels_and_half_the_weight_of_corrections() -> None:
    profile = opened()
    for sound in (0.0, 2.0):
        playing(profile, 0.4, 0.4, sound)
        profile.correct("", -0.4, 0.4)
    profile.teach("", "fog")
    place = profile.places()[0]
    profile.close()
    assert "belongs to 'music' (ba9876543210) now" in migrate("anna", OTHER)
    again = opened(base=OTHER)
    moved = again.places()[0]
    assert (moved.valence, moved.arousal, moved.name) == (place.valence, place.arousal, "fog")
    assert [saying.correction.gain for saying in again.taught.sayings] == [0.5, 0.5]
    again.close()
    assert "already" in migrate("anna", OTHER)


def test_labels_alone_belong_to_no_model() -> None:
    profile = opened()
    profile.define("calm", (0.5, -0.5), (0.3, 0.3))
    profile.close()
    again = opened(base=OTHER)
    assert [label.name for label in again.places()] == ["calm"]
    again.close()
    assert look_into("anna")[0] == OTHER


def test_a_damaged_log_is_repaired_and_said(folder: Path) -> None:
    profile = opened()
    for name in ("a", "b", "c"):
        profile.define(name, (0.0, 0.0), (0.3, 0.3))
    profile.close()
    log = folder / "anna" / LOG
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0] + b"deadbeef" + lines[1][8:] + lines[2])
    found = open_kept("anna", BASE, required=True)
    assert "1 of what was taught could not be read" in found.news
    assert [label.name for label in found.course.places()] == ["a", "c"]
    assert (folder / "anna" / DAMAGED).is_file()


def test_where_nothing_can_be_written_it_counts_and_is_said(folder: Path) -> None:
    (folder / "anna").write_text("in the way")
    profile = opened()
    profile.define("calm", (0.5, -0.5), (0.3, 0.3))
    assert "cannot be kept" in profile.trouble
    assert len(profile.places()) == 1
    (folder / "anna").unlink()
    profile.define("storm", (-0.5, 0.5), (0.3, 0.3))
    assert profile.trouble == ""
    assert profile.saved == 2
    profile.close()
    assert [label.name for label in opened().places()] == ["calm", "storm"]


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a\\b", "x" * 65, "end."])
def test_no_profile_is_called_so_that_it_leaves_its_folder(name: str) -> None:
    with pytest.raises(SettingsError, match="no profile can be called"):
        profiles.path_of(name)


def test_threads_that_teach_at_once_lose_nothing() -> None:
    profile = opened()
    playing(profile, 0.4, 0.4)

    def teach(who: int) -> None:
        for number in range(10):
            profile.define(f"{who} and {number}", (0.0, 0.0), (0.3, 0.3))

    threads = [threading.Thread(target=teach, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    profile.close()
    assert len(opened().places()) == 40
