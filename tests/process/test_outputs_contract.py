"""The contract of outputs, held by all of them: what is installed is found and tested by itself."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from oscbridge import outputs
from oscbridge.app import open_outputs
from oscbridge.config import load
from oscbridge.errors import SettingsError
from oscbridge.outputs import record
from oscbridge.outputs.base import Output, OutputConfig
from oscbridge.protocol import SIGNALS, Message

# Nothing leaves these before somebody asks, or where there is no MIDI: `tests/oscquery` has clients
# that ask, `tests/midi` a system.
ON_REQUEST = ("oscquery", "MIDI")

Opener = Callable[[], Output]

SAMPLE = {"i": 3, "f": 0.5, "s": "wörter"}
EVERY_SIGNAL = [s.message(*(SAMPLE[t] for t in s.types)) for s in SIGNALS.values()]


def required(name: str, folder: Path, port: int) -> dict[str, object]:
    """What an output cannot do without, harmless: files in ``folder``, a port nobody hears."""
    given: dict[str, dict[str, object]] = {
        "osc": {"to": [f"127.0.0.1:{port}"], "optional": ["audio/level"]},
        "record": {"path": str(folder / "session.jsonl")},
        "oscquery": {"port": 0},
        "dashboard": {"address": "127.0.0.1:0"},
    }
    return given.get(name, {})


def asked(output: Output) -> bool:
    """Whether an output only tells who asks."""
    return output.name.startswith(ON_REQUEST)


@pytest.fixture(params=outputs.names())
def opener(request: pytest.FixtureRequest, tmp_path: Path, free_udp_port: int) -> Opener:
    module = outputs.load(request.param)
    config = msgspec.convert(required(request.param, tmp_path, free_udp_port), module.Config)
    assert isinstance(config, OutputConfig)
    return lambda: module.open(config)


def test_it_opens_takes_every_signal_and_closes_twice(opener: Opener) -> None:
    output = opener()
    assert output.name
    assert (output.sent, output.errors, output.detail) == (0, 0, "")
    output.send([])
    output.send(EVERY_SIGNAL[:1])
    assert output.sent == (0 if asked(output) else 1)
    output.close()
    output.close()


def test_it_survives_a_peer_that_is_not_there(opener: Opener) -> None:
    output = opener()
    for _ in range(50):
        output.send(EVERY_SIGNAL)
    assert asked(output) or output.sent + output.errors > 0
    output.close()


def test_it_may_be_opened_again_after_it_was_closed(opener: Opener) -> None:
    for _ in range(2):
        output = opener()
        output.send(EVERY_SIGNAL)
        output.close()
    assert asked(output) or output.sent > 0


def test_sending_after_closing_is_counted_or_ignored_and_never_raised(opener: Opener) -> None:
    output = opener()
    output.close()
    output.send(EVERY_SIGNAL)
    assert output.sent == 0 or output.name == "null"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_record_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    output = record.open(record.Config(path=str(path)))
    for step in range(3):
        output.send([SIGNALS["valence"].message(step / 4)])
        assert lines(path)[-1]["args"] == [step / 4]
    head, *rest = lines(path)
    assert head["record"] == record.FORMAT
    assert {"version", "started"} <= set(head)
    assert [line["signal"] for line in rest] == ["valence"] * 3
    assert [line["address"] for line in rest] == [SIGNALS["valence"].address] * 3
    times = [float(str(line["time_s"])) for line in rest]
    assert times == sorted(times)
    output.close()


def test_a_record_keeps_every_signal_as_it_was_said(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    output = record.open(record.Config(path=str(path)))
    output.send(EVERY_SIGNAL)
    output.close()
    assert [(line["signal"], tuple(line["args"])) for line in lines(path)[1:]] == [  # type: ignore[arg-type]
        (signal.name, args) for signal, args in EVERY_SIGNAL
    ]


def test_an_existing_record_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    for _ in range(2):
        output = record.open(record.Config(path=str(path)))
        output.send(EVERY_SIGNAL)
        output.close()
    assert len(lines(path)) == 2 * (1 + len(EVERY_SIGNAL))


@pytest.mark.parametrize("place", [".", "missing/folder/session.jsonl"])
def test_a_record_that_cannot_be_written_is_refused_before_anything_runs(
    place: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=r"cannot record to .*: (Is a dir|No such file)"):
        record.open(record.Config(path=str(tmp_path / place)))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
def test_a_full_disk_at_the_start_is_refused() -> None:
    with pytest.raises(SettingsError, match="No space left"):
        record.open(record.Config(path="/dev/full"))


def test_a_disk_that_fills_up_is_counted_and_costs_one_line_when_there_is_room_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class FillingDisk:
        """A file that takes ``room`` bytes and then says that the disk is full."""

        def __init__(self) -> None:
            self.room, self.data, self.closed = 10_000, b"", False

        def write(self, data: bytes) -> int:
            if self.room <= 0:
                raise OSError(28, "No space left on device")
            taken = bytes(data)[: self.room]
            self.room -= len(taken)
            self.data += taken
            return len(taken)

        def close(self) -> None:
            self.closed = True

    output = record.open(record.Config(path=str(tmp_path / "session.jsonl")))
    disk = FillingDisk()
    output._file.close()
    output._file = disk  # type: ignore[assignment]
    message: list[Message] = [SIGNALS["quadrant/label"].message("x" * 64)]
    for _ in range(200):
        output.send(message)
    assert output.errors > 0
    assert output.sent + output.errors == 200
    assert output.detail == "No space left on device"
    (warning,) = caplog.messages
    assert "not all is recorded to" in warning
    assert "No space left on device" in warning
    kept, disk.room = output.sent, 1_000_000
    for _ in range(10):
        output.send(message)
    assert output.detail == ""
    broken = 0
    for line in disk.data.splitlines():
        try:
            json.loads(line)
        except ValueError:
            broken += 1
    assert broken == 1
    assert len(disk.data.splitlines()) == kept + 10 + 1
    output.close()
    assert disk.closed


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_recorded_to_without_ever_waiting_for_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(SettingsError, match="nobody reads this pipe"):
        record.open(record.Config(path=str(path)))
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    output = record.open(record.Config(path=str(path)))
    for _ in range(200):
        output.send(EVERY_SIGNAL)
    assert output.errors > 0
    assert output.detail == "its reader is too slow"
    assert json.loads(os.read(reader, 65_536).split(b"\n")[1])["signal"] in SIGNALS
    output.send(EVERY_SIGNAL)
    assert output.detail == ""
    output.close()
    os.close(reader)


def test_outputs_that_were_open_are_closed_when_a_later_one_cannot_work(tmp_path: Path) -> None:
    config = load(overrides={"outputs.null.enabled": True, "outputs.record.path": str(tmp_path)})
    assert list(config.outputs) == ["osc", "oscquery", "null", "record"]
    with pytest.raises(SettingsError, match="cannot record"):
        open_outputs(config)


def test_an_output_that_is_not_enabled_is_not_opened() -> None:
    off = {"outputs.osc.enabled": False, "outputs.oscquery.enabled": False}
    config = load(overrides={**off, "outputs.null.enabled": True})
    opened = open_outputs(config)
    assert [output.name for output in opened] == ["null"]
