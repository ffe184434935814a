"""Several streams in one run: names of their own, ends of their own, and one end of all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.types import AudioBlock
from oscbridge.app import App
from oscbridge.config import load
from oscbridge.errors import SettingsError
from oscbridge.events import Event, State
from oscbridge.outputs import osc
from oscbridge.session import run_session
from oscbridge.stream import Stream
from oscbridge.stream_settings import divide
from tests.conftest import OscEar
from tests.process.doubles import Collector, PacedSource, ScriptedAnalyzer, affect


def steady(index: int, block: AudioBlock) -> Sequence[State | Event]:
    return [affect(0.5, 0.5, time_s=index / 10)]


def fail(index: int, block: AudioBlock) -> Sequence[State | Event]:
    raise RuntimeError("a fault of ours")


def test_a_run_goes_on_until_its_last_stream_has_ended() -> None:
    short, long = Collector(), Collector()
    streams = [
        Stream(load(), PacedSource(0.001, count=5), ScriptedAnalyzer(steady), [short], "short"),
        Stream(load(), PacedSource(0.001, count=200), ScriptedAnalyzer(steady), [long], "long"),
    ]
    seen: dict[str, int] = {}
    run = App(streams, lambda now: seen.update({now.stream: now.stats["states"]}))
    assert run.run() == 0
    assert seen == {"short": 5, "long": 200}
    for output in (short, long):
        assert output.of("status")[-1] == ("silent", "end of a paced test source")
        assert output.closed == 1


def test_a_stream_that_fails_leaves_the_others_alone_and_is_remembered() -> None:
    broken, good = Collector(), Collector()
    streams = [
        Stream(load(), PacedSource(0.001, count=50), ScriptedAnalyzer(fail), [broken], "broken"),
        Stream(load(), PacedSource(0.001, count=50), ScriptedAnalyzer(steady), [good], "good"),
    ]
    assert App(streams).run() == 1
    assert broken.of("status")[-1] == ("error", "analysis failed: a fault of ours")
    assert good.of("status")[-1] == ("silent", "end of a paced test source")


def test_each_stream_has_an_address_a_record_and_a_source_of_its_own() -> None:
    parts = divide(
        load(
            overrides={
                "streams": {"drums": "drums.wav", "crowd": "live:USB Audio"},
                "outputs.record.path": "evening.jsonl",
            }
        )
    )
    assert [part.input for part in parts.values()] == ["drums.wav", "live"]
    assert [part.source.device for part in parts.values()] == [None, "USB Audio"]
    prefixes = [part.outputs["osc"].prefix for part in parts.values()]  # type: ignore[attr-defined]
    assert prefixes == ["/oscbridge/drums", "/oscbridge/crowd"]
    records = [part.outputs["record"].path for part in parts.values()]  # type: ignore[attr-defined]
    assert records == ["evening-drums.jsonl", "evening-crowd.jsonl"]


def test_without_names_there_is_one_stream_as_ever() -> None:
    config = load()
    assert divide(config) == {"": config}


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"streams": {"segment": "a.wav"}}, "called segment"),
        ({"streams": {"Drums": "a.wav"}}, "called 'Drums'"),
        ({"streams": {"a": "-", "b": "-"}}, "only one stream"),
        ({"input": "-", "sensors.text.stdin": True}, "cannot be both"),
        ({"streams": {"a": "demo", "b": "-"}, "sensors.text.stdin": True}, "cannot be both"),
        ({"streams": {"a": "none"}}, "nothing to hear"),
        ({"streams": {"a": "a.wav"}, "keyboard.port": "Piano"}, "keyboard"),
        ({"streams": {"a": "a.wav"}, "outputs.osc.preset": "mood-compat"}, "'mood-compat'"),
    ],
)
def test_what_no_stream_can_be_is_one_sentence(overrides: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        divide(load(overrides=overrides))


def test_two_sources_at_once_arrive_under_their_names(osc_ear: OscEar, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "pause.wav", np.zeros(24_000, np.float32), 24_000)
    streams = {"song": "demo", "pause": str(tmp_path / "pause.wav")}
    config = load(overrides={"streams": streams, "outputs.osc.to": [osc_ear.target]})
    assert run_session(config, view="none", seconds=3.0) == 0
    osc_ear.wait_for("/oscbridge/song/arousal")
    osc_ear.wait_for("/oscbridge/pause/status")
    addresses = {message.address for message in osc_ear.heard}
    assert not [a for a in addresses if not a.startswith(("/oscbridge/song/", "/oscbridge/pause/"))]


def test_the_settings_of_a_run_of_streams_can_be_printed_and_read_again(tmp_path: Path) -> None:
    from oscbridge.config import render

    config = load(overrides={"streams": {"drums": 'a "b".wav', "voice": "demo"}})
    path = tmp_path / "my.toml"
    path.write_text(render(config), encoding="utf-8")
    assert load(path).streams == config.streams
    assert isinstance(config.outputs["osc"], osc.Config)
