"""Every preset plays a scripted minute to its host, which is strict about types, sizes and ranges.

Every datagram is decoded by two parsers (`tests.hosts_fake.told`).
"""

from __future__ import annotations

import importlib

import pytest

from oscbridge.hosts.complaints import FADES_S
from oscbridge.mapping import load_preset, preset_names
from oscbridge.midi.table import CHANNEL, CONTROLS
from oscbridge.protocol import SIGNALS
from tests.hosts_fake import (
    ableton_osc,
    ardour,
    driven_by_moss,
    osccore,
    oscjack,
    qlab,
    reaper,
    resolume,
    vocabulary,
    vrchat,
    waapi,
    wekinator,
)
from tests.presets.stage import Host, Stage

HOSTS = {
    "ableton-osc": "ableton_osc",
    "ardour": "ardour",
    "bitwig-dbm": "driven_by_moss",
    "emotion-compat": "vocabulary",
    "fmod-unity": "oscjack",
    "godot-godosc": "oscjack",
    "mood-compat": "vocabulary",
    "qlab": "qlab",
    "reaper": "reaper",
    "resolume": "resolume",
    "sonic-pi": "vocabulary",
    "unity-osccore": "osccore",
    "unity-oscjack": "oscjack",
    "uosc": "oscjack",
    "vrchat": "vrchat",
    "wekinator-in": "wekinator",
    "wwise-waapi": "waapi",
}
"""Host of each preset; the others speak to anybody."""
ENTERED = [1, 2, 3, 4, 1, 3]
ASKED = [4, 3, 2, 1, 4, 2]
"""Quadrants of the music, and of what is asked for, in the scripted minute."""


def host_of(name: str) -> Host:
    module = importlib.import_module(f"tests.hosts_fake.{HOSTS.get(name, 'anybody')}")
    host: Host = module.Host()
    return host


def played(name: str, **picks: object) -> tuple[Stage, Host]:
    preset = load_preset(name)
    preset.pick.update(picks)  # type: ignore[arg-type]
    host = host_of(name)
    stage = Stage(preset, host)
    stage.play_a_minute()
    return stage, host


def test_every_host_of_a_preset_is_known() -> None:
    assert set(HOSTS) <= set(preset_names())


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_plays_a_minute_that_its_host_understands(name: str) -> None:
    stage, _ = played(name)
    assert len(stage.told) > len(ASKED)
    assert len(stage.told) / 60.0 <= 300.0, "more than localhost is promised"


@pytest.mark.parametrize("name", ["fmod-unity", "unity-oscjack", "uosc", "godot-godosc"])
def test_simple_hosts_get_requests_argument_by_argument(name: str) -> None:
    _, host = played(name)
    assert isinstance(host, oscjack.Host)
    assert host.counts["/oscbridge/request/go"] == len(ASKED)
    assert host.counts["/oscbridge/request/valence"] == len(ASKED)
    assert "/oscbridge/request" not in host.newest


def test_osc_core_gets_one_argument_of_everything_and_of_events_the_first() -> None:
    _, host = played("unity-osccore")
    assert isinstance(host, osccore.Host)
    assert host.shown["/oscbridge/quadrant/enter"] == ENTERED
    assert host.shown["/oscbridge/request/go"] == [1, 2, 3, 4, 5, 6]
    assert host.shown["/oscbridge/request/label"] == [
        *("relaxed", "sad", "tense", "happy", "relaxed", "tense")
    ]
    assert len(host.shown["/oscbridge/segment/boundary"]) == 6
    assert "/oscbridge/va" not in host.shown


def test_live_fires_the_scene_of_what_is_asked_for_at_the_instant_that_was_asked_for() -> None:
    _, live = played("ableton-osc")
    assert isinstance(live, ableton_osc.Host)
    assert [scene + 1 for _, scene, _ in live.fired] == ASKED
    assert [quantisation for _, _, quantisation in live.fired] == [4, 7, 0, 2, 1, 3]
    assert live.parameter[0, 0, 1] == pytest.approx(127 * 0.15, abs=15)


def test_live_gets_no_more_than_ten_values_a_second() -> None:
    stage, _ = played("ableton-osc")
    values = stage.at("/live/device/set/parameter/value")
    for start in range(50):
        assert sum(start <= at_s < start + 1 for at_s, _ in values) <= 11


def test_beats_of_live_come_back_as_its_beats() -> None:
    stage, _ = played("ableton-osc")
    beats = [values[0] for _, name, values in stage.read if name == "in/transport/beat"]
    assert beats == [float(beat) for beat in range(120)]
    tempo = [values for _, name, values in stage.read if name == "in/transport/tempo"]
    assert tempo == [(120.0,)]
    assert ("in/transport/playing", (1,)) in [(name, values) for _, name, values in stage.read]


def test_a_scene_may_be_picked_by_its_name() -> None:
    _, live = played("ableton-osc", scene={"1": "Relaxed", "2": "sad", "3": "tense", "4": "happy"})
    assert isinstance(live, ableton_osc.Host)
    assert [4 - scene for _, scene, _ in live.fired] == ASKED


def test_a_scene_that_the_host_does_not_have_is_told_and_not_fired() -> None:
    preset = load_preset("ableton-osc")
    preset.pick["scene"] = {"1": "Chors"}
    stage = Stage(preset, live := ableton_osc.Host())
    stage.play_a_minute()
    assert not live.fired
    trouble = stage._mapping.trouble
    assert "no scene at the host 'Chors'." in trouble
    assert "happy, relaxed, sad, tense" in trouble


def test_live_that_has_started_anew_is_asked_anew() -> None:
    preset = load_preset("ableton-osc")
    stage = Stage(preset, ableton_osc.Host())
    stage.connect()
    before = len(stage.told)
    stage.hear([("/live/startup", [])])
    assert [told for _, told in stage.told[before:]] == [told for _, told in stage.told[:before]]


def test_volumes_of_stems_follow_the_quadrants_and_stay_below_zero_decibels() -> None:
    _, live = played("ableton-osc", stem={"1": 2, "2": 3, "3": 4, "4": 5})
    assert isinstance(live, ableton_osc.Host)
    assert set(live.volumes) == {2, 3, 4, 5}
    assert max(live.volumes.values()) <= 0.85
    assert max(live.volumes, key=live.volumes.__getitem__) == 4, "it ends in the third quadrant"


def test_tempo_is_set_only_where_that_was_picked() -> None:
    silent, _ = played("ableton-osc")
    assert not silent.at("/live/song/set/tempo")
    _, live = played("ableton-osc", set_tempo="yes")
    assert isinstance(live, ableton_osc.Host)
    assert live.tempo == 120.0, "0, where no beat is steady, is never said"


def test_a_parameter_is_mapped_to_our_midi_control_only_where_that_was_picked() -> None:
    _, live = played("ableton-osc", map_midi=2)
    assert isinstance(live, ableton_osc.Host)
    assert live.mapped == (2, 0, 1, CHANNEL - 1, CONTROLS["intensity"].number)
    _, live = played("ableton-osc")
    assert isinstance(live, ableton_osc.Host)
    assert live.mapped == ()


def test_reaper_goes_to_regions_and_moves_what_its_pattern_file_names() -> None:
    stage, host = played("reaper")
    assert isinstance(host, reaper.Host)
    assert [region for _, region in host.went] == ASKED
    assert 0.0 <= host.values["/track/1/fx/1/fxparam/1/value"] <= 1.0
    bars = [values[0] for _, name, values in stage.read if name == "in/transport/bar"]
    assert bars == list(range(30))
    places = [values[0] for _, name, values in stage.read if name == "in/transport/place"]
    assert places == [reaper.REGIONS[quadrant - 1] for quadrant in ASKED]


def test_every_line_that_reaper_is_shipped_is_of_use() -> None:
    host = reaper.Host()
    stage = Stage(load_preset("reaper"), host)
    stage.play_a_minute()
    said = {told.address for _, told in stage.told}
    read = {"/play", "/stop", "/beat/str", "/lastregion/name", "/tempo/raw"}
    unused = [
        address.pattern
        for action, _, address in host.patterns
        if action != "TRACK_VOLUME" and not any(map(address.fullmatch, said | read))
    ]
    assert not unused


def test_with_the_music_hosts_follow_the_quadrant_instead() -> None:
    _, host = played("reaper", follow="music")
    assert isinstance(host, reaper.Host)
    assert [region for _, region in host.went] == ENTERED
    _, bitwig = played("bitwig-dbm", follow="both")
    assert isinstance(bitwig, driven_by_moss.Host)
    assert len(bitwig.launched) == len(ENTERED) + len(ASKED)


def test_bitwig_gets_whole_numbers_of_its_resolution_and_buttons_that_are_let_go() -> None:
    stage, host = played("bitwig-dbm")
    assert isinstance(host, driven_by_moss.Host)
    assert [scene for _, scene, _ in host.launched] == ASKED
    assert [quantisation for _, _, quantisation in host.launched] == [
        *("1", "1/4", "none", "4", "8", "2")
    ]
    assert host.remotes.keys() == {1, 2}
    assert any(name == "in/transport/bar" for _, name, _ in stage.read)
    places = [values[0] for _, name, values in stage.read if name == "in/transport/place"]
    assert places == [str(quadrant) for quadrant in ASKED for _ in (1, 2)], "on both tracks"


def test_what_plays_in_bitwig_is_told_by_the_quadrant_that_the_scene_was_picked_for() -> None:
    stage, host = played("bitwig-dbm", scene={"1": 5, "2": 6, "3": 7, "4": 8})
    assert isinstance(host, driven_by_moss.Host)
    assert [scene - 4 for _, scene, _ in host.launched] == ASKED
    places = [values[0] for _, name, values in stage.read if name == "in/transport/place"]
    assert places[::2] == [str(quadrant) for quadrant in ASKED]


def test_a_finer_resolution_of_bitwig_is_used_where_it_was_picked() -> None:
    stage = Stage(load_preset("bitwig-dbm"), driven_by_moss.Host())
    stage._preset.pick["max"] = 16383
    finer = Stage(stage._preset, driven_by_moss.Host())
    with pytest.raises(AssertionError, match=r"is not within 0 to 127"):
        finer.play_a_minute()


def test_ardour_is_told_our_port_and_tells_its_bars() -> None:
    stage, host = played("ardour")
    assert isinstance(host, ardour.Host)
    assert host.port == 7770
    assert [cue + 1 for _, cue in host.cues] == ASKED
    bars = [values[0] for _, name, values in stage.read if name == "in/transport/bar"]
    assert bars == list(range(30))


def test_a_boundary_pulses_in_vrchat_for_three_tenths_of_a_second() -> None:
    _, host = played("vrchat")
    assert isinstance(host, vrchat.Host)
    assert len(host.pulses) == 5 + 1
    for start_s, end_s in host.pulses:
        assert end_s - start_s == pytest.approx(0.3, abs=0.051)
    assert set(host.values) == {"OB_Valence", "OB_Arousal", "OB_Intensity", "OB_Quadrant"}


def test_of_vrchat_only_what_is_chosen_in_the_menu_is_heard() -> None:
    stage, _ = played("vrchat")
    assert [(name, values) for _, name, values in stage.read] == [
        ("in/affect/valence", (-0.5,)),
        ("in/affect/arousal", (0.75,)),
        ("in/freeze", (1,)),
    ]


def test_wekinator_always_gets_eight_floats_whatever_is_known() -> None:
    stage, host = played("wekinator-in")
    assert isinstance(host, wekinator.Host)
    assert host.names[0] == "valence"
    assert len(host.inputs) > 100
    assert host.inputs[0][6] == 0.0, "no tempo yet"
    assert host.inputs[-1][6] == pytest.approx(120 / 200)
    del stage


def test_resolume_connects_columns_and_lets_them_go() -> None:
    stage, host = played("resolume")
    assert isinstance(host, resolume.Host)
    assert sorted(host.connected) == sorted([*ENTERED, *ASKED])
    places = [values for _, name, values in stage.read if name == "in/transport/place"]
    assert places == [(str(column),) for column in host.connected]


def test_qlab_starts_cues_by_their_numbers_and_moves_a_level_slowly() -> None:
    stage, host = played("qlab", level_cue="10")
    assert isinstance(host, qlab.Host)
    assert len(host.started) == len(ENTERED) + len(ASKED)
    assert len(host.levels) <= 5 * 60 + 1
    assert "/connect" not in {told.address for _, told in stage.told}, "it has no passcode"
    started = [values[0] for _, name, values in stage.read if name == "in/transport/place"]
    assert len(started) == len(host.started)
    assert set(started) == {"1", "2", "3", "4"}


@pytest.mark.parametrize(
    ("passcode", "picks", "told"),
    [
        ("5678", {"passcode": "1234"}, "QLab does not let us control it: "),
        ("5678", {}, "QLab does not let us control it: "),
        ("", {"cue": {"1": "77"}}, "QLab has no cue 77"),
        ("", {"level_cue": "88"}, "QLab has no cue 88 with a level"),
        ("5678", {"passcode": "5678"}, ""),
    ],
)
def test_what_qlab_refuses_is_told(passcode: str, picks: dict[str, object], told: str) -> None:
    preset = load_preset("qlab")
    preset.pick.update(picks)  # type: ignore[arg-type]
    stage = Stage(preset, qlab.Host(passcode))
    stage.connect()
    assert stage.trouble == ("QLab refuses the passcode" if "1234" in picks.values() else "")
    stage.say(SIGNALS["intensity"].message(0.5), SIGNALS["quadrant/enter"].message(1, "happy", 0.9))
    assert stage.trouble.startswith(told)
    assert bool(stage.trouble) == bool(told)
    stage.now_s += 2 * FADES_S
    assert stage.trouble == "", "what is not said again has been mended"


def test_what_ableton_osc_complains_about_is_told() -> None:
    stage, _ = played("ableton-osc")
    stage.hear([("/live/error", ["Index out of range"])])
    assert stage.trouble == "AbletonOSC: Index out of range"


def test_wwise_changes_states_of_registered_objects() -> None:
    _, host = played("wwise-waapi", trigger="Turn")
    assert isinstance(host, waapi.Host)
    assert len(host.states) == len(ENTERED) + len(ASKED)
    assert min(host.values) < 30.0 < 70.0 < max(host.values)


def test_mood_words_are_those_of_the_other_program() -> None:
    _, host = played("mood-compat")
    assert isinstance(host, vocabulary.Host)
    assert set(host.words) == {"bright", "aggressive", "dark", "calm"}
