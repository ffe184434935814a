"""Options that change settings: each names the key of the settings file that it overrides.

Precedence is defaults < file < command line. An option that was not given changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from oscbridge.errors import SettingsError, unknown_name
from oscbridge.sources.select import LIVE, NONE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from oscbridge.config import Config

OPTION_KEYS = {
    "source": "input",
    "stream": "streams",
    "device": "source.device",
    "host_api": "source.host_api",
    "channels": "source.channels",
    "rate": "source.sample_rate",
    "block_size": "source.block_size",
    "section": "source.section_s",
    "raw_format": "source.pcm_format",
    "raw_channels": "source.pcm_channels",
    "model": "analysis.model",
    "rule": "segments.rule",
    "sensitivity": "segments.sensitivity",
    "min_segment": "segments.min_segment_s",
    "snap": "segments.snap",
    "preset": "outputs.osc.preset",
    "prefix": "outputs.osc.prefix",
    "to": "outputs.osc.to",
    "also": "outputs.osc.optional",
    "record": "outputs.record.path",
    "record_audio": "outputs.record.audio",
    "dashboard": "outputs.dashboard.address",
    "dry_run": "request.dry_run",
    "strategy": "policy.strategy",
    "library": "library.path",
    "suggest": "library.suggest",
    "profile": "personal.profile",
    "port": "port.port",
    "port_enabled": "port.enabled",
    "lan": "port.lan",
    "allow": "port.allow",
    "hear": "port.hear",
    "midi_in": "keyboard.port",
    "midi_out": "outputs.midi.port",
}
"""Argument name to key path of `oscbridge.config`."""


def settings_of(args: argparse.Namespace) -> Config:
    """Read the settings in force: defaults, the file, the options.

    Raises
    ------
    SettingsError
        An unknown key, a value out of range, an unknown preset, model or rule.
    """
    from oscbridge.config import load

    given = vars(args)
    overrides = {OPTION_KEYS[option]: given[option] for option in _said(given)}
    for name in given.get("sense") or ():
        overrides[f"sensors.{name}.enabled"] = True
    if given.get("stream") is not None:
        overrides["streams"] = _streams_of(given)
    if given.get("midi_in") is not None and not _names_sound(given):
        overrides["input"] = NONE  # a keyboard alone
    if given.get("record_audio") and not given.get("record"):
        _check_record(load(given.get("config")))
    config = load(given.get("config"), overrides)
    _check_names(config, given)
    if config.input != LIVE and not {"device", "host_api"} & {*_said(given)}:
        # The file's device is that of live input: it must not stand in the way of another source.
        source = replace(config.source, device=None, host_api=None)
        config = replace(config, source=source)
    return _with_one_library(config)


def _with_one_library(config: Config) -> Config:
    """Keep plays in the library that suggests, where no other one is named."""
    plays = config.sensors.get("plays")
    if plays is None or not config.library.path or getattr(plays, "library", ""):
        return config
    plays = replace(plays, library=config.library.path)
    return replace(config, sensors={**config.sensors, "plays": plays})


def _check_record(config: Config) -> None:
    """Refuse sound beside a record where the file names no record either."""
    if "record" not in config.outputs:
        raise SettingsError("--record-audio keeps the sound beside a record: give --record FILE.")


def _streams_of(given: dict[str, Any]) -> dict[str, str]:
    """The streams that the command line names.

    Raises
    ------
    SettingsError
        Two of one name, or a single source beside them.
    """
    if given.get("source") is not None:
        raise SettingsError("give either --source, or each source a name with --stream NAME=SOURCE")
    names = [name for name, _ in given["stream"]]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"two streams are called {name!r}")
    return dict(given["stream"])


def _names_sound(given: dict[str, object]) -> bool:
    """Whether the command line, or the file that it names, chooses an input of sound."""
    options = ("source", "device", "host_api", "config")
    return any(given.get(option) is not None for option in options)


def _said(given: dict[str, object]) -> list[str]:
    """Names of the options that were given."""
    return [option for option in OPTION_KEYS if given.get(option) is not None]


def _check_names(config: Config, given: dict[str, Any]) -> None:
    """Refuse names that are unknown; where the file has them, the error names the file."""
    from oscbridge.hearing.detection import check_rule
    from oscbridge.mapping import load_preset
    from oscbridge.outputs import osc

    checks: dict[str, Callable[[], object]] = {
        "model": lambda: _check_model(config.analysis.model, given.get("files")),
        "rule": lambda: check_rule(config.segments.rule),
    }
    spoken = config.outputs.get("osc")
    if "preset" in given and isinstance(spoken, osc.Config):
        checks["preset"] = lambda: load_preset(spoken.preset)
    for option, check in checks.items():
        try:
            check()
        except SettingsError as error:
            if given.get("config") is None or given.get(option) is not None:
                raise
            raise SettingsError(f"{given['config']}: {OPTION_KEYS[option]}: {error}") from None


def _check_model(name: str, files: list[str] | None) -> None:
    """Refuse an unknown model before anything opens, and one of notes for anything but scores."""
    from models import catalogue

    known = catalogue.names()
    if name in known:
        return
    notes = catalogue.names("notes")
    if name not in notes:
        raise unknown_name("model", name, [*known, *notes] if files else known)
    from oscbridge.offline.score import is_score

    if not files or not all(is_score(path) for path in files):
        raise SettingsError(
            f"model {name!r} hears played notes, not sound: choose it for MIDI files alone, "
            f"as in: oscbridge analyze song.mid --model {name}"
        )
