"""Where presets lie, whose wins, how one is like another, and that a change is noticed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from oscbridge.errors import SettingsError
from oscbridge.inbound.translation import Translation
from oscbridge.mapping import Mapping, inbound_names, load_inbound, load_preset, preset_names
from oscbridge.protocol import SIGNALS
from presets import files


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a folder of presets."""
    monkeypatch.setenv(files.OWN_FOLDER, str(tmp_path))
    return tmp_path


def test_no_preset_is_told_and_heard() -> None:
    assert not set(preset_names()) & set(inbound_names())
    assert {*preset_names(), *inbound_names()} == set(files.paths())


def test_a_preset_of_the_users_is_found_and_wins_over_a_shipped_one(own: Path) -> None:
    (own / "max.toml").write_text('like = "max"\ntitle = "mine"\n[target]\nport = 7999\n')
    (own / "stage.toml").write_text('like = "max"\n')
    assert load_preset("max").target.port == 7999
    assert load_preset("max").title == "mine"
    assert load_preset("stage").target.port == 7999, "like hers, not like the shipped one"
    assert "stage" in preset_names()
    assert load_preset("max").files == (
        str(own / "max.toml"),
        str(files.shipped_folder() / "max.toml"),
    )


def test_what_is_like_another_adds_maps_and_replaces_values(own: Path) -> None:
    (own / "mine.toml").write_text(
        """
        like = "ableton-osc"
        [pick]
        track = 3
        [pick.scene]
        1 = 9
        [[on]]
        event = "segment/boundary"
        address = "/live/song/cue_point/jump"
        args = ["s:next"]
        """
    )
    mine, shipped = load_preset("mine"), load_preset("ableton-osc")
    assert mine.pick["track"] == 3
    assert mine.pick["scene"] == {"1": 9, "2": 1, "3": 2, "4": 3}
    assert mine.pick["parameter"] == shipped.pick["parameter"]
    assert mine.on[:-1] == shipped.on
    said = Mapping(mine).apply([SIGNALS["segment/boundary"].message(1, 100, 0.5)])
    assert [(signal.address, args) for signal, args in said] == [
        ("/live/song/cue_point/jump", ("next",))
    ]


MISTAKES = [
    ('like = "abelton-osc"', "no preset 'abelton-osc'. Did you mean 'ableton-osc'?"),
    ("like = 3", "like = 3 is not allowed: the name of one preset"),
    ('like = "mine"\n', "no preset 'mine'"),
    ('tested_with = "x"\n', "the section [target] is missing (who is told), or [listen]"),
    ('tested_with = "x"\n[target]\nport=1\n[listen]\nport=1\n', "make two presets"),
    ('like = "max"\nname = "x"', "a preset is called as its file is"),
    ('like = "max"\n[target]\nport = 0', "target.port = 0 is not allowed: a whole number from 1"),
    ('like = "max"\n[target]\ntransport = "tcp"', "one of 'tcp-slip', 'udp', 'waapi'"),
    ('like = "max"\n[pick]\ny = 1\nx = [1]', "pick.x = [1] is not allowed: a whole number or"),
    ('like = "max"\ninstal = ["x"]', "no key 'instal'. Did you mean 'install'?"),
]


@pytest.mark.parametrize(("text", "line"), MISTAKES)
def test_a_mistake_is_told_with_the_file_and_what_is_allowed(
    text: str, line: str, own: Path
) -> None:
    (own / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_preset("mine")
    assert str(own / "mine.toml") in str(caught.value)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_presets_that_are_like_one_another_in_a_ring_are_refused(own: Path) -> None:
    (own / "a.toml").write_text('like = "b"\n')
    (own / "b.toml").write_text('like = "a"\n')
    with pytest.raises(SettingsError, match="is not allowed: the name of one preset"):
        load_preset("a")


COMPILE_MISTAKES = [
    ("[[map]]\nsource='va'\naddress='/x/{track}'", "pick.track is not set (which track)"),
    ("[[map]]\nsource='va'\naddress='/x/{valence}'", "would make a new address for every value"),
    ("[[map]]\nsource='va'\naddress='/x/{place}'", "map[0].address: place = 'a b' cannot be part"),
    ("[[map]]\nsource='va'\naddress='/x'\nargs=['i:{row}']", "{row} is a table: write {row[…]}"),
    ("[[map]]\nsource='va'\naddress='/x'\nargs=['i:{one[1]}']", "'one' is one value: write {one}"),
    ("[[map]]\nsource='va'\naddress='/x'\nargs=['b:1']", "is only for hosts with profile"),
    ("[[map]]\nsource='va'\naddress='/x'\nscales={vale={}}", "map[0].scales: no value 'vale'"),
    ("[[map]]\nsource='va'\naddress='/x'\nscale={}\nscale_to=['0','place']", "a number"),
    ("[[map]]\nsource='va'\naddress='/x'\nwhen={folow=['x']}", "map[0].when: no value 'folow'"),
    ("[[map]]\nsource='tempo'\naddress='/x'\n[pick]\nbpm=1", "pick.bpm: this is the name of a"),
    (
        "[[map]]\nsource='va'\naddress='/x'\nargs=['i:{place}']",
        "place = 'a b' is not allowed: a num",
    ),
    ("[words.one]\na=1", "words.one: there is a pick of this name"),
]


@pytest.mark.parametrize(("text", "line"), COMPILE_MISTAKES)
def test_a_text_that_names_nothing_is_refused_before_anything_is_sent(
    text: str, line: str, own: Path
) -> None:
    picks = "" if "[pick]" in text else "[pick]\nplace = 'a b'\none = 1\n[pick.row]\n1 = 1\n"
    head = "tested_with = 'x'\n[target]\nport = 9\n[ask]\ntrack = 'which track'\n"
    (own / "mine.toml").write_text(head + picks + text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Mapping(load_preset("mine"))
    assert "mine.toml: " in str(caught.value)
    assert line in str(caught.value)


def test_a_change_of_a_file_in_use_is_noticed_once(own: Path) -> None:
    path = own / "mine.toml"
    path.write_text('like = "max"\n')
    watch = files.Watch(load_preset("mine"))
    assert not watch.changed()
    path.write_text('like = "max"\ntitle = "changed"\n')
    os.utime(path, ns=(1, 1))
    assert watch.changed()
    assert not watch.changed()
    path.unlink()
    assert not watch.changed(), "an editor that replaces a file takes it away for a moment"
    path.write_text('like = "max"\ntitle = "back"\n')
    assert watch.changed()


def test_what_is_told_cannot_be_heard_nor_the_other_way_round() -> None:
    with pytest.raises(SettingsError, match="'vmc' is heard, not told: use  --hear vmc"):
        load_preset("vmc")
    with pytest.raises(SettingsError, match="'max' is told, not heard: use  --preset max"):
        load_inbound("max")


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_presets_lie_where_each_system_keeps_settings(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (files.OWN_FOLDER, "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", system)
    home = Path.home()
    assert (
        files.own_folder()
        == {
            "linux": home / ".config" / "oscbridge" / "presets",
            "darwin": home / "Library" / "Application Support" / "oscbridge" / "presets",
            "win32": home / "AppData" / "Roaming" / "oscbridge" / "presets",
        }[system]
    )


def test_the_examples_of_the_page_about_presets_are_presets(own: Path) -> None:
    page = (files.shipped_folder() / "README.md").read_text(encoding="utf-8")
    mine, lights = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (own / "my-set.toml").write_text(mine, encoding="utf-8")
    (own / "lights.toml").write_text(lights, encoding="utf-8")
    assert Mapping(load_preset("my-set"))
    preset = load_preset("lights")
    mapping = Mapping(preset, clock=lambda: 0.0)
    enter = SIGNALS["quadrant/enter"].message(3, "sad", 0.9)
    said = mapping.apply([SIGNALS["intensity"].message(0.5), enter])
    assert [(signal.address, args) for signal, args in said] == [
        ("/lamp/3/dimmer", (64,)),
        ("/lamp/3/colour", ("blue",)),
    ]
    heard = Translation(preset).apply("/clock/bpm", [120.0])
    assert heard == [("in/transport/tempo", (120.0,))]
