"""Labels of the user's own: weights, rows, MIDI numbers, files, and what it all sounds like."""

from __future__ import annotations

import itertools
import json

import pytest
from msgspec import to_builtins

from models.personal_features import FEATURES
from models.types import AffectState
from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.errors import SettingsError
from oscbridge.events import SegmentEnded
from oscbridge.hearing.own_ear import OwnEar
from oscbridge.labels import Labels
from oscbridge.labels.files import read_set, shipped, to_text
from oscbridge.labels.place import LabelPlace, place_of_examples
from oscbridge.labels.slugs import PATTERN, slug_of
from oscbridge.mapping import Mapping, load_preset
from oscbridge.midi.label_numbers import LabelNumbers
from oscbridge.orders import Command, Learned, Refresh, UseLabels
from oscbridge.profile import Profile
from oscbridge.protocol import FAMILIES, SIGNALS, Message
from oscbridge.recorded.lines import as_plain, as_result
from oscbridge.saying.quadrant_tracker import QuadrantSettings

CALM = LabelPlace(1, "calm", "Calm", 0.5, -0.5, 0.3, 0.3)
STORM = LabelPlace(2, "storm", "Störm", -0.5, 0.5, 0.3, 0.3)


class Run:
    """A composer and its clock."""

    def __init__(self) -> None:
        self.subject = Composer(SendSettings(), QuadrantSettings(), Labels(), "cafe", 0.0)
        self.now_s = 0.0

    def go_on(self, *events: Command, at: tuple[float, float] | None = None) -> list[Message]:
        self.now_s += 0.2
        states = []
        if at is not None:
            states = [AffectState(*at, 0.6, "music", round(self.now_s * 100), 100)]
        return self.subject.compose(states, list(events), self.now_s)


def weights(messages: list[Message]) -> dict[str, object]:
    return {m.signal.name: m.args[0] for m in messages if m.signal.family == "label"}


def rows(messages: list[Message]) -> list[tuple[object, ...]]:
    return [message.args for message in messages if message.signal.name == "labels"]


def test_weights_follow_the_music_several_labels_at_once() -> None:
    run = Run()
    out = run.go_on(UseLabels((CALM, STORM)), at=(0.5, -0.5))
    assert rows(out) == [(1, "calm", "Calm", 0), (2, "storm", "Störm", 0)]
    said = weights(out)
    assert said["label/calm"] == 1.0
    assert 0.0 <= float(str(said["label/storm"])) < 0.01
    out = run.go_on(at=(0.5, -0.2))
    assert weights(out)["label/calm"] == pytest.approx(0.5)
    between = weights(run.go_on(at=(0.0, 0.0)))
    assert between["label/calm"] == between["label/storm"] == pytest.approx(2 ** -(50 / 9))


def test_a_label_that_goes_is_told_and_said_no_more() -> None:
    run = Run()
    run.go_on(UseLabels((CALM, STORM)), at=(0.5, -0.5))
    out = run.go_on(UseLabels((STORM,)), at=(0.4, -0.4))
    assert rows(out) == [(0, "calm", "Calm", 0)]
    heard = [run.go_on(at=(0.01 * n, -0.4)) for n in range(20)]
    assert {name for out in heard for name in weights(out)} == {"label/storm"}
    back = run.go_on(UseLabels((CALM,)), at=(0.5, -0.5))
    assert rows(back) == [(0, "storm", "Störm", 0), (1, "calm", "Calm", 0)]
    assert weights(back)["label/calm"] == 1.0


def test_a_label_that_is_moved_weighs_anew_at_once_and_is_no_other_label() -> None:
    run = Run()
    run.go_on(UseLabels((CALM,)), at=(0.5, -0.5))
    moved = LabelPlace(1, "calm", "Calm", 0.5, -0.2, 0.3, 0.3)
    out = run.go_on(UseLabels((moved,)))
    assert rows(out) == []
    assert weights(out)["label/calm"] == pytest.approx(0.5)


def test_in_silence_no_label_fits() -> None:
    run = Run()
    run.go_on(UseLabels((CALM,)), at=(0.5, -0.5))
    heard = list(itertools.chain.from_iterable(run.go_on() for _ in range(40)))
    assert weights(heard)["label/calm"] == 0.0


def test_who_asks_for_everything_gets_the_list_too() -> None:
    run = Run()
    run.go_on(UseLabels((CALM, STORM)), at=(0.5, -0.5))
    out = run.go_on(Refresh())
    assert [row[1] for row in rows(out)] == ["calm", "storm"]


@pytest.mark.parametrize(
    ("optional", "expected"),
    [((), []), (("label",), ["calm", "storm"]), (("label/storm",), ["storm"])],
)
@pytest.mark.parametrize("prefix", ["/oscbridge", "/me/here", ""])
def test_weights_leave_by_osc_for_who_asks_for_them(
    optional: tuple[str, ...], expected: list[str], prefix: str
) -> None:
    words = Mapping(load_preset("default"), prefix=prefix, optional=optional)
    family = FAMILIES["label"]
    sent = [family.member("calm").message(0.5), family.member("storm").message(0.25)]
    for _ in range(2):
        assert [m.signal.address for m in words.apply(sent)] == [
            f"{prefix}/label/{slug}" for slug in expected
        ]


@pytest.mark.parametrize("name", ["label/Calm", "label/17", "labels/x", "label/"])
def test_what_can_be_no_label_is_no_opt_in_signal(name: str) -> None:
    with pytest.raises(SettingsError, match="no opt-in signal"):
        Mapping(load_preset("default"), optional=(name,))


def test_in_midi_a_label_goes_by_its_number_and_ends_when_it_goes() -> None:
    numbers = LabelNumbers()
    row, calm = SIGNALS["labels"], FAMILIES["label"].member("calm")
    assert numbers.translate(calm, (0.7,)) == ("label/0", (0.7,))  # which nothing follows
    numbers.translate(row, (3, "calm", "Calm", 0))
    assert numbers.translate(calm, (0.7,)) == ("label/3", (0.7,))
    assert numbers.translate(row, (0, "calm", "Calm", 0)) == ("label/3", (0.0,))
    assert numbers.translate(SIGNALS["valence"], (0.1,)) == ("valence", (0.1,))


@pytest.mark.parametrize("name", shipped())
def test_each_set_that_ships_reads_and_has_room_in_midi_or_says_less(name: str) -> None:
    found = read_set(name)
    assert found.title
    assert found.source
    slugs: list[str] = []
    for entry in found.label:
        slugs.append(slug_of(entry.name, slugs))
        assert entry.radii[1] < 1.0
    assert len(set(slugs)) == len(found.label)


def test_the_sets_are_those_that_were_promised() -> None:
    assert shipped() == ["colours", "energy", "gems", "quadrants", "s1", "s4"]
    assert len(read_set("gems").label) == 9
    assert [entry.name for entry in read_set("energy").label][::9] == ["energy 1", "energy 10"]
    assert read_set("s1").quadrants.words()[2] == "anxiety"


def test_dj_energy_hangs_on_arousal_alone() -> None:
    seven = read_set("energy").label[6]
    place = LabelPlace(7, "energy_7", seven.name, seven.valence, seven.arousal, *seven.radii)
    assert place.weight(-1.0, seven.arousal) == pytest.approx(place.weight(1.0, seven.arousal))
    assert place.weight(0.0, seven.arousal) > 0.99
    assert place.weight(0.0, seven.arousal - 0.6) < 0.01


def test_labels_go_through_a_file_and_back(tmp_path) -> None:
    places = (CALM, LabelPlace(2, "leid", 'Le"id\n'.strip() + " 悲", -0.25, -0.5, 100.0, 0.15))
    path = tmp_path / "mine.toml"
    path.write_text(to_text(places, {2: "Angst\x7f"[:5], 4: "Ruhe"}, "meine"), encoding="utf-8")
    found = read_set(str(path))
    assert found.quadrants.words() == {2: "Angst", 4: "Ruhe"}
    for place, entry in zip(places, found.label, strict=True):
        assert (entry.name, entry.slug) == (place.name, place.slug)
        assert (entry.valence, entry.arousal) == (place.valence, place.arousal)
        assert entry.radii == (place.valence_radius, place.arousal_radius)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Calm", "calm"),
        ("Tränen der Freude!", "tranen_der_freude"),
        ("悲しい", "label"),
        ("7", "label_7"),
        ("  __ ", "label"),
        ("x" * 60, "x" * 32),
    ],
)
def test_a_slug_is_ascii_and_never_a_number(name: str, slug: str) -> None:
    import re

    assert slug_of(name) == slug
    assert re.match(PATTERN, slug)
    second = slug_of(name, {slug})
    assert second not in (slug, "")
    assert re.match(PATTERN, second)


def test_a_place_of_examples_is_wide_at_first_and_as_wide_as_they_are_then() -> None:
    assert place_of_examples([(0.2, 0.2)])[2] == pytest.approx(0.303, abs=0.001)
    tight = place_of_examples([(0.2, 0.2)] * 50)
    assert tight[2:] == (0.15, 0.15)
    spread = place_of_examples([(-0.4, 0.0), (0.4, 0.0)] * 50)
    assert spread[2] == pytest.approx(1.177 * 0.4, abs=0.02)


def test_what_was_learned_is_in_states_and_in_the_mean_of_the_segment() -> None:
    class Outbox:
        def __init__(self) -> None:
            self.results: list[object] = []

        def put(self, results, arrived_s=None) -> None:
            self.results += results

    profile, outbox = Profile(), Outbox()
    ear = OwnEar(outbox, profile)
    state = AffectState(0.4, 0.4, 0.6, "music", 1, 1, features=(0.0,) * len(FEATURES))
    ended = SegmentEnded(0, 0, 9, 1, 0.4, 0.4, 1, 0.6)
    ear.put([state, ended])
    assert outbox.results == [state, ended]
    profile.correct("", -0.6, 0.4)
    ear.put([state, ended])
    own, segment = outbox.results[2:]
    assert own.valence < 0.0
    assert segment.valence == pytest.approx(own.valence)
    assert segment.quadrant == 2


def test_where_a_section_is_marked_the_evidence_begins_anew_a_little_before() -> None:
    class Outbox:
        def put(self, results, arrived_s=None) -> None:
            pass

    profile, begun = Profile(), []

    class Listener:
        detector = None
        begin_anew = staticmethod(begun.append)

    ear = OwnEar(Outbox(), profile, "drums", Listener())
    ear.put([])
    profile.mark("crowd")
    ear.put([])
    assert begun == []
    profile.mark("drums")
    ear.put([])
    ear.put([])
    assert begun == [1.0]


def test_a_record_reads_labels_and_what_was_learned_back_as_they_were() -> None:
    for command in (UseLabels((CALM, STORM)), Learned("anna", 3, 1, True, "3 corrections")):
        assert as_result(json.loads(json.dumps(to_builtins(as_plain(command))))) == command
