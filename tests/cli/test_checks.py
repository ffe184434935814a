"""``oscbridge doctor``, ``latency`` and ``devices``."""

from __future__ import annotations

import json
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from oscbridge.diagnosis import installation, surroundings
from oscbridge.diagnosis.checks import CHECKS, examine
from oscbridge.diagnosis.finding import Finding
from oscbridge.diagnosis.installation import PACKAGES
from oscbridge.errors import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


def test_the_doctor_finds_that_the_main_job_works_here(program: Program) -> None:
    done = program.run("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["works"] is True
    verdicts = {finding["check"]: finding["verdict"] for finding in found["findings"]}
    assert list(verdicts) == [name for name, _ in CHECKS]
    for check in ("python", "installation", "kernel cache", "analysis", "OSC"):
        assert verdicts[check] == "ok"


def test_the_doctor_speaks_to_people_and_names_what_mends(program: Program) -> None:
    done = program.run("doctor")
    assert done.returncode == 0, done.stdout
    for name, _ in CHECKS:
        assert name in done.stdout
    assert "oscbridge demo" in done.stdout.splitlines()[-1]


def test_whatever_goes_wrong_in_a_check_is_a_finding() -> None:
    def stumble() -> Finding:
        raise RuntimeError("two\nlines")

    def lack() -> Finding:
        raise MissingExtraError("live input", "pyaudio", "live")

    def need() -> Finding:
        raise ModuleNotFoundError("No module named 'x'", name="x")

    assert examine("OSC", stumble) == Finding("OSC", "broken", "RuntimeError: two")
    extra = examine("live input", lack)
    assert extra.verdict == "limited"
    assert extra.remedy == 'pip install "oscbridge[live]"'
    assert examine("analysis", need).verdict == "broken"


def test_packages_of_two_installations_are_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stray = tmp_path_factory.mktemp("stray")
    (stray / "presets").mkdir()
    (stray / "presets" / "__init__.py").touch()
    assert installation.check_installation().verdict == "ok"
    monkeypatch.syspath_prepend(str(stray))
    monkeypatch.delitem(installation.sys.modules, "presets")
    found = installation.check_installation()
    assert found.verdict == "broken"
    assert str(stray) in found.detail
    assert set(PACKAGES) == {"oscbridge", "dsp", "models", "presets"}


def test_a_cache_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = tmp_path_factory.mktemp("cache") / "gone"
    monkeypatch.setattr("dsp.jit.CACHE_FOLDER", nowhere)
    found = installation.check_kernel_cache()
    assert found.verdict == "limited"
    assert "NUMBA_CACHE_DIR" in found.remedy


@pytest.mark.parametrize(
    ("missing", "lack"),
    [
        ("websockets", "no websockets: the address space is not served"),
        ("zeroconf", "no zeroconf: served, but not announced to other machines"),
    ],
)
def test_a_missing_package_of_the_address_space_is_named_with_what_mends_it(
    missing: str, lack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installation.check_oscquery().verdict == "ok"
    find_spec = installation.importlib.util.find_spec
    monkeypatch.setattr(
        installation.importlib.util,
        "find_spec",
        lambda name: None if name == missing else find_spec(name),
    )
    found = installation.check_oscquery()
    assert (found.verdict, found.detail) == ("limited", lack)
    assert found.remedy == 'pip install "oscbridge[oscquery]"'


def test_a_strap_needs_bleak_and_a_bluetooth_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(surroundings, "SYSTEM_BUS", tmp_path)
    monkeypatch.setattr(surroundings.sys, "platform", "linux")
    assert surroundings.check_strap().verdict == "ok"
    monkeypatch.delenv("DBUS_SYSTEM_BUS_ADDRESS", raising=False)
    monkeypatch.setattr(surroundings, "SYSTEM_BUS", tmp_path / "missing")
    found = surroundings.check_strap()
    assert (found.verdict, found.detail) == ("limited", "bleak is there, but no Bluetooth service")
    monkeypatch.setattr(surroundings.importlib.util, "find_spec", lambda _: None)
    found = examine("heart rate", surroundings.check_strap)
    assert found.detail == "a heart rate strap needs the package 'bleak'"
    assert found.remedy == 'pip install "oscbridge[heart]"'


def test_the_latency_ledger_adds_up_and_names_the_owners(program: Program) -> None:
    done = program.run("latency", "--source", "demo", "--block-size", "480", "--json")
    assert done.returncode == 0, done.stderr
    ledger = json.loads(done.stdout)
    shares = {share["stage"]: share["seconds"] for share in ledger["shares"]}
    assert sum(shares.values()) == pytest.approx(ledger["total_s"], abs=1e-5)
    assert list(shares) == [
        *("device", "block", "poll", "resampler", "hop", "window", "model"),
        *("smoothing", "output", "host"),
    ]
    assert shares["block"] == pytest.approx(480 / 24_000)
    assert all(share["owner"].startswith(PACKAGES) for share in ledger["shares"])
    assert 0.0 < ledger["boundary_s"] < ledger["boundary_p50_s"] < ledger["boundary_p95_s"]
    assert shares["host"] == 0.0
    assert "not known" in ledger["host"]
    table = program.run("latency", "--source", "demo")
    assert table.returncode == 0
    for stage in (*shares, "sum", "boundary"):
        assert f" {stage} " in table.stdout


def test_the_ledger_has_the_share_of_a_host_whose_preset_tells_it(program: Program) -> None:
    told = program.run("latency", "--source", "demo", "--preset", "ableton-osc", "--json")
    assert told.returncode == 0, told.stderr
    ledger = json.loads(told.stdout)
    assert ledger["shares"][-1] == {"stage": "host", "owner": "presets", "seconds": 0.05}
    assert "at most 100" in ledger["host"]


def test_a_smaller_block_is_seen_in_the_ledger(program: Program) -> None:
    def input_s(block_size: str) -> float:
        done = program.run("latency", "--source", "demo", "--block-size", block_size, "--json")
        return json.loads(done.stdout)["shares"][1]["seconds"]

    assert input_s("1024") == pytest.approx(4.0 * input_s("256"), abs=1e-5)


def test_devices_are_listed_or_their_absence_is_explained(program: Program) -> None:
    done = program.run("devices")
    assert done.returncode == 0, done.stderr
    assert "--device" in done.stdout or "oscbridge doctor" in done.stdout
    listed = program.run("devices", "--json")
    assert listed.returncode == 0, listed.stderr
    for line in listed.stdout.splitlines():
        assert {"number", "name", "host_api", "channels", "sample_rate"} <= set(json.loads(line))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the sound server is the system's")
def test_a_sound_server_that_was_killed_does_not_count_as_running(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "pipewire-0"))
        server.listen()
        assert "PipeWire" in surroundings.check_sound_server().detail
    assert (tmp_path / "pipewire-0").is_socket()
    detail = surroundings.check_sound_server().detail
    assert detail.startswith(("neither", "running: JACK"))  # of another test, perhaps
