"""Settings: precedence, round trip, and mistakes that are explained in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.config import Config, load, render
from oscbridge.errors import SettingsError
from oscbridge.hearing.detection import SegmentSettings
from oscbridge.outputs import osc, oscquery, record


def written(folder: Path, text: str) -> Path:
    path = folder / "live.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_a_sane_default() -> None:
    config = load()
    assert config.input == "live"
    assert (config.send.rate_hz, config.send.dead_band) == (25.0, 0.005)
    assert (config.send.refresh_s, config.send.heartbeat_s) == (1.0, 1.0)
    assert config.outputs == {"osc": osc.Config(), "oscquery": oscquery.Config()}
    assert [config.labels.of(q) for q in range(5)] == [
        "unknown",
        "happy",
        "tense",
        "sad",
        "relaxed",
    ]


def test_the_command_line_beats_the_file_and_the_file_beats_the_defaults(tmp_path: Path) -> None:
    path = written(tmp_path, "input = 'demo'\n[send]\nrate_hz = 30\ndead_band = 0.01")
    config = load(path, {"send.rate_hz": 10, "send.refresh_s": None, "input": None})
    assert config.input == "demo"
    assert (config.send.rate_hz, config.send.dead_band, config.send.refresh_s) == (10, 0.01, 1)


def test_lists_of_the_command_line_replace_those_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[outputs.osc]\nto = ['a:1']\npreset = 'pd'")
    config = load(path, {"outputs.osc.to": ["b:2"], "outputs.record.path": "x.jsonl"})
    assert config.outputs == {
        "osc": osc.Config(to=("b:2",), preset="pd"),
        "oscquery": oscquery.Config(),
        "record": record.Config(path="x.jsonl"),
    }


def test_how_boundaries_are_found_can_be_written_in_the_file(tmp_path: Path) -> None:
    text = "[segments]\nmin_segment_s = 12\nrule = 'energy'\nsensitivity = 0.8\nsnap = 'bar'"
    assert load(written(tmp_path, text)).segments == SegmentSettings("energy", 0.8, 12.0, "bar")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[send]\nrate_hz = 90", "send.rate_hz = 90 is not allowed: a number from 1 to 60"),
        ("[send]\nrate_hz = nan", "send.rate_hz = nan is not allowed: a number from 1 to 60"),
        ("[send]\nrate_hz = 'fast'", "send.rate_hz = 'fast' is not allowed: a number from 1 to 60"),
        (
            "[send]\nrate = 9",
            "send: no key 'rate'. Did you mean 'rate_hz'? "
            "There are: dead_band, heartbeat_s, rate_hz, refresh_s",
        ),
        (
            "[sned]\nrate_hz = 9",
            "no key 'sned'. Did you mean 'send'? "
            "There are: analysis, fusion, input, keyboard, labels, library, outputs, p",
        ),
        (
            "[outputs.ocs]\n",
            "outputs: no key 'ocs'. Did you mean 'osc'? There are: dashboard, midi, null, osc, "
            "oscquery, record",
        ),
        (
            "[outputs.osc]\nports = 3",
            "outputs.osc: no key 'ports'. There are: ascii, enabled, optional, prefix, preset, to",
        ),
        ("[outputs.record]\n", "outputs.record: the key 'path' is missing"),
        (
            "[outputs.osc]\nto = 'a:1'",
            "outputs.osc.to = 'a:1' is not allowed: a list, each item text",
        ),
        (
            "[outputs.osc]\nprefix = 'x'",
            "outputs.osc.prefix = 'x' is not allowed: text: "
            "what our addresses start with, like /oscbridge; may be empty",
        ),
        ("outputs = 3", "outputs: write a section, [outputs.osc]"),
        ("send = 3", "send = 3 is not allowed: a table"),
        (
            "[segments]\nmin_segment_s = -1",
            "segments.min_segment_s = -1 is not allowed: a number from 0 to 60",
        ),
        (
            "[segments]\nsensitivity = 2",
            "segments.sensitivity = 2 is not allowed: a number from 0 to 1",
        ),
        (
            "[segments]\nsnap = 'tact'",
            "segments.snap = 'tact' is not allowed: one of 'bar', 'beat', 'off'",
        ),
        ("[labels]\n1 = ''", "labels.1 = '' is not allowed: text of 1 to 64 characters"),
        ('[labels]\n1 = "a\\n"', "labels.1 = 'a\\n' is not allowed: text of 1 to 64 characters"),
        ("[labels]\n5 = 'x'", "labels: no key '5'. There are: 0, 1, 2, 3, 4"),
        ("[source]\nchannels = [0]", "source.channels[0] = 0 is not allowed: a whole number"),
        ("[analysis]\nmodel = true", "analysis.model = true is not allowed: text"),
    ],
)
def test_a_mistake_is_told_with_file_key_and_what_is_allowed(
    text: str, line: str, tmp_path: Path
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {line}")
    assert "\n" not in str(caught.value)


def test_a_mistake_of_the_command_line_is_blamed_on_it_and_not_on_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[send]\nrate_hz = 30")
    with pytest.raises(SettingsError, match=r"^command line: send\.rate_hz = 0 is not allowed"):
        load(path, {"send.rate_hz": 0})


def test_a_file_that_is_no_toml_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"live\.toml is no valid TOML: .*line 2"):
        load(written(tmp_path, "input = 'demo'\nsend = \n[labels]"))


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00"])
def test_a_file_that_is_no_text_is_told_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "live.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="is no valid TOML"):
        load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: No such file"):
        load(tmp_path / "nowhere.toml")


def reread(config: Config, folder: Path) -> Config:
    return load(written(folder, render(config)))


def test_the_printed_settings_read_back_as_the_same_settings(tmp_path: Path) -> None:
    config = load(
        overrides={
            "input": 'music/été "1".flac',
            "source.channels": [1, 2],
            "source.device": 3,
            "segments.rule": "both",
            "outputs.osc.to": ["a:1", "b:2"],
            "outputs.record.path": "C:\\sessions\\1.jsonl",
        }
    )
    assert reread(config, tmp_path) == config
    assert reread(load(), tmp_path) == load()


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=64))
def test_any_label_survives_printing(label: str) -> None:
    import tempfile

    config = load(overrides={"labels.3": label})
    with tempfile.TemporaryDirectory() as folder:
        assert reread(config, Path(folder)) == config


def test_the_printed_settings_explain_themselves() -> None:
    text = render(load())
    assert "rate_hz = 25.0  # continuous signals, times a second" in text
    assert "# device = (not set)" in text
