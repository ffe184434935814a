"""What a sender teaches is learned, told to every stream, and what cannot be is answered."""

from __future__ import annotations

import pytest

from models.personal_features import FEATURES
from models.types import AffectState
from oscbridge import orders
from oscbridge.errors import SettingsError
from oscbridge.profile import Profile
from oscbridge.profiles.folder import Base
from oscbridge.profiles.keeping import Keeper
from oscbridge.profiles.opening import Opened
from oscbridge.profiles.taught import Course, Taught
from oscbridge.sight import Sight
from tests.inbound.test_receiver import ME, Desk, FakeStream

PLAYING = AffectState(0.4, -0.3, 0.6, "music", 1, 1, features=(0.0,) * len(FEATURES))


@pytest.fixture
def profile() -> Profile:
    return Profile(clock=iter(range(10_000)).__next__)


@pytest.fixture
def desk(profile: Profile) -> Desk:
    desk = Desk(streams={"drums": FakeStream(), "crowd": FakeStream()})
    desk.receiver.learn_into(profile)
    profile.hear("drums", PLAYING)
    return desk


def reasons(desk: Desk) -> list[object]:
    return [reason for _, reason in desk.port.of("error")]


def test_a_label_that_is_defined_reaches_every_stream(desk: Desk) -> None:
    desk.say("in/label/define", "Regen", -0.4, -0.5, 0.3)
    for stream in desk.streams.values():
        (labels,) = [told for told in stream.told if isinstance(told, orders.UseLabels)]
        (place,) = labels.labels
        assert (place.number, place.slug, place.name) == (1, "regen", "Regen")
        assert (place.valence, place.arousal, place.arousal_radius) == (-0.4, -0.5, 0.3)
    assert reasons(desk) == []


def test_what_plays_on_a_stream_is_taught_to_it_by_its_name(desk: Desk, profile: Profile) -> None:
    desk.say("drums/in/label/train", "sad")
    assert profile.personal.count == 1
    assert orders.Learned("", 1, 0, False, "1 correction") in desk.streams["crowd"].told
    desk.say("crowd/in/label/train", "sad")
    assert reasons(desk) == ["nothing plays now that could be called anything"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("in/label/train", ("3",)),
        ("in/label/train", ("Sad",)),
        ("in/label/wrong", ()),
        ("in/personal/va", (-0.5, -0.5)),
    ],
)
def test_each_way_to_correct_moves_what_plays_and_undo_takes_it_back(
    name: str, arguments: tuple[object, ...], desk: Desk, profile: Profile
) -> None:
    desk.say(name, *arguments)
    assert profile.hear("drums", PLAYING) != PLAYING
    desk.say("in/label/train/undo")
    assert profile.hear("drums", PLAYING) == PLAYING
    assert reasons(desk) == []


def test_a_word_that_is_new_is_learned_by_example(desk: Desk, profile: Profile) -> None:
    desk.say("in/label/train", "Nebel")
    assert profile.places()[0].name == "Nebel"
    assert profile.personal.count == 0
    desk.say("in/label/train", "#1")
    assert profile.places()[0].examples == 2


def test_a_quadrant_that_is_renamed_is_called_so_everywhere(desk: Desk, profile: Profile) -> None:
    told = desk.say("in/label/set", 3, "verloren")
    assert orders.Rename(3, "verloren") in told
    desk.say("in/label/train", "verloren")
    assert profile.personal.count == 1


def test_a_label_is_a_word_for_what_the_player_feels(desk: Desk) -> None:
    desk.say("in/label/define", "Regen", -0.4, -0.5, 0.3)
    assert desk.say("in/affect/emotion", "regen", 0.5) == [
        orders.Felt("osc:regen", -0.4, -0.5, 0.5)
    ]


def test_the_list_goes_to_who_asks_and_ends(desk: Desk) -> None:
    desk.say("in/label/define", "Freude", 0.5, 0.5, 0.3)
    desk.say("in/label/define", "Zorn", -0.5, 0.5, 0.3)
    desk.port.said.clear()
    assert desk.say("in/label/list") == []
    assert {to for to, _, _ in desk.port.said} == {ME.address}
    assert [args for _, _, args in desk.port.said] == [
        [1, "freude", "Freude", 0],
        [2, "zorn", "Zorn", 0],
        [0, "", "", 2],
    ]


def test_frozen_it_learns_no_corrections_and_says_so(desk: Desk, profile: Profile) -> None:
    told = desk.say("in/personal/freeze", 1)
    assert orders.Learned("", 0, 0, True, "0 corrections; frozen") in told
    desk.say("in/label/wrong")
    assert "frozen" in str(reasons(desk)[0])
    desk.say("in/personal/freeze", 0)
    desk.clock_s[0] += 2.0
    desk.say("in/label/wrong")
    assert profile.personal.count == 1


def test_corrections_that_contradict_each_other_are_shown(desk: Desk) -> None:
    for word in ("happy", "sad", "happy"):
        told = list(desk.say("in/label/train", word))
    (learned,) = [one for one in told if isinstance(one, orders.Learned)]
    assert (learned.corrections, learned.held_back) == (0, 3)
    assert "contradict" in learned.words


def test_reset_forgets_corrections_and_keeps_labels(desk: Desk, profile: Profile) -> None:
    desk.say("in/label/define", "Freude", 0.5, 0.5, 0.3)
    desk.say("in/label/train", "sad")
    desk.say("in/personal/reset")
    assert profile.personal.count == 0
    assert len(profile.places()) == 1


def test_a_mark_is_a_lesson_and_reaches_who_keeps_a_record(desk: Desk, profile: Profile) -> None:
    assert orders.Mark("chorus") in desk.say("in/segment/mark", "chorus")
    assert len(profile.taught.marks) == 1
    assert profile.sections.take_mark("drums")
    assert not profile.sections.take_mark("drums")


def test_what_is_said_of_music_is_said_of_it_as_its_stream_tells_it(profile: Profile) -> None:
    turned = FakeStream(sight=Sight(origin=(0.6, 0.0), stretch=(2.0, 1.0)))
    desk = Desk(streams={"drums": turned, "crowd": FakeStream()})
    desk.receiver.learn_into(profile)
    profile.hear("drums", PLAYING)
    desk.say("drums/in/personal/va", 0.4, -0.5)  # what is seen at 0.4 is heard at 0.4 / 2 + 0.6
    (saying,) = profile.taught.sayings
    assert saying.correction.valence == pytest.approx(0.8)
    assert saying.correction.arousal == -0.5
    assert saying.correction.heard.valence == PLAYING.valence


def opener(**courses: Course) -> Profile:
    """A profile beside which there are others."""

    def open_other(name: str) -> Opened:
        if name not in courses:
            raise SettingsError(f"no profile {name!r}.")
        return Opened(Keeper(name, Base("", "")), courses[name])

    return Profile(open_other=open_other)


def test_another_profile_is_gone_over_to_while_it_runs() -> None:
    taught = Profile()
    taught.define("Freude", (0.5, 0.5), (0.3, 0.3))
    taught.rename(1, "froh")
    profile = opener(anna=Course(taught.taught), bob=Course(Taught()))
    desk = Desk(streams={"": FakeStream()})
    desk.receiver.learn_into(profile)
    profile.hear("", PLAYING)
    told = desk.say("in/profile", "anna")
    assert orders.Rename(1, "froh") in told
    assert orders.UseLabels(profile.places()) in told
    assert orders.Learned("anna", 0, 0, False, "0 corrections") in told
    told = desk.say("in/profile", "bob")
    assert {orders.Rename(1, "happy"), orders.UseLabels(())} <= set(told)
    desk.say("in/label/train", "sad")
    assert (profile.name, profile.personal.count) == ("bob", 1)
    desk.clock_s[0] += 2.0
    assert desk.say("in/profile", "carl") == []
    assert reasons(desk) == ["no profile 'carl'"]
    assert profile.name == "bob"


def test_a_stream_that_joins_is_told_what_was_taught_before(profile: Profile) -> None:
    profile.define("Freude", (0.5, 0.5), (0.3, 0.3))
    profile.rename(1, "froh")
    desk = Desk(streams={})
    desk.receiver.learn_into(profile)
    late = FakeStream()
    desk.receiver.join("", late)
    assert orders.Rename(1, "froh") in late.told
    assert [one.labels[0].name for one in late.told if isinstance(one, orders.UseLabels)] == [
        "Freude"
    ]
