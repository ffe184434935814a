"""Settings: one TOML file, decoded once into frozen structs; every mistake is said in one line.

Conventions
-----------
Precedence is defaults < file < command line. A setting is named by its key path, ``send.rate_hz``.
Every section is a struct that belongs to the module which obeys it, and its limits stand in its
types; ``[outputs.<name>]`` is the ``Config`` of the module `oscbridge.outputs` ``.<name>``, and an
output is open when its section exists and ``enabled`` is not false. OSC and OSCQuery are on without
one. Sensors have ``[sensors.<name>]`` in the same way, and those that only wait for what others say
are on without one.

``render`` writes settings as TOML that reads back as the same settings (``--print-config``).
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import msgspec

from oscbridge import outputs, sensors
from oscbridge.asking.settings import PolicySettings
from oscbridge.errors import SettingsError
from oscbridge.fusion import FusionSettings
from oscbridge.hearing.detection import SegmentSettings
from oscbridge.inbound.settings import PortSettings
from oscbridge.labels import Labels
from oscbridge.library.settings import LibrarySettings
from oscbridge.outputs.base import OutputConfig  # noqa: TC001 - msgspec reads the annotations
from oscbridge.profiles.settings import PersonalSettings
from oscbridge.saying.music_request import RequestSettings
from oscbridge.saying.quadrant_tracker import QuadrantSettings
from oscbridge.sensors.base import SensorConfig  # noqa: TC001 - as above
from oscbridge.sources.settings import KeyboardSettings, SourceSettings
from presets import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COMMAND_LINE = "command line"
DEFAULT_OUTPUTS = ("osc", "oscquery")
DEFAULT_SENSORS: tuple[str, ...] = ("face", "game", "heart_rate", "text")
"""They cost nothing until somebody says something to them."""
PLUGGED = ("outputs", "sensors")
"""Sections of sections, each the settings of a module."""


class AnalysisSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What hears the music."""

    model: Annotated[str, msgspec.Meta(min_length=1, description="a model's name")] = "music"


class SendSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often things are said.

    News comes 23.4 times a second: at 25 none of it waits for its turn. A limit of 20 kept one
    state in seven back by 43 ms, and saved 5 % of the packets.
    """

    rate_hz: Annotated[
        float, msgspec.Meta(ge=1.0, le=60.0, description="continuous signals, times a second")
    ] = 25.0
    dead_band: Annotated[
        float, msgspec.Meta(ge=0.0, le=0.1, description="changes up to this are not sent")
    ] = 0.005
    refresh_s: Annotated[
        float, msgspec.Meta(ge=0.1, le=60.0, description="everything again after, seconds")
    ] = 1.0
    heartbeat_s: Annotated[
        float, msgspec.Meta(ge=0.1, le=60.0, description="between heartbeats, seconds")
    ] = 1.0
    repeat: Annotated[
        bool,
        msgspec.Meta(description="say news several times, for networks that lose packets"),
    ] = False


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings."""

    input: Annotated[
        str,
        msgspec.Meta(min_length=1, description="live, demo, none, - (standard input) or a file"),
    ] = "live"
    streams: Annotated[
        dict[str, Annotated[str, msgspec.Meta(min_length=1)]],
        msgspec.Meta(description="several sources at once, each with a name of its own"),
    ] = {}
    source: SourceSettings = SourceSettings()
    keyboard: KeyboardSettings = KeyboardSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    segments: SegmentSettings = SegmentSettings()
    quadrant: QuadrantSettings = QuadrantSettings()
    send: SendSettings = SendSettings()
    labels: Labels = Labels()
    personal: PersonalSettings = PersonalSettings()
    request: RequestSettings = RequestSettings()
    fusion: FusionSettings = FusionSettings()
    policy: PolicySettings = PolicySettings()
    library: LibrarySettings = LibrarySettings()
    port: PortSettings = PortSettings()
    sensors: dict[str, SensorConfig] = {}
    outputs: dict[str, OutputConfig] = {}


def load(path: Path | None = None, overrides: Mapping[str, object] | None = None) -> Config:
    """Read settings.

    Parameters
    ----------
    path : Path, optional
        A TOML file.
    overrides : mapping of str to object, optional
        What the command line says, by key path (``{"send.rate_hz": 10}``); None means not said.

    Returns
    -------
    Config
        Complete and checked.

    Raises
    ------
    SettingsError
        One line: the file, the key, what is allowed.
    """
    try:
        merged: dict[str, Any] = {}
        if path is not None:
            merged = reading.read_toml(path)
            _build(merged, str(path))  # so that a mistake of the file is blamed on the file
        said = {key: value for key, value in (overrides or {}).items() if value is not None}
        for key, value in said.items():
            _put(merged, key.split("."), value)
        return _build(merged, COMMAND_LINE)
    except reading.ReadingError as error:
        raise SettingsError(str(error)) from None


def _put(into: dict[str, Any], path: list[str], value: object) -> None:
    for key in path[:-1]:
        into = into.setdefault(key, {})
    into[path[-1]] = value


def _build(data: Mapping[str, Any], where: str) -> Config:
    rest = {key: value for key, value in data.items() if key not in PLUGGED}
    built_outputs = {
        name: reading.convert(section, outputs.load(name).Config, where, f"outputs.{name}")
        for name, section in _sections(data, "outputs", outputs.names(), DEFAULT_OUTPUTS, where)
    }
    built_sensors = {
        name: reading.convert(section, sensors.load(name).Config, where, f"sensors.{name}")
        for name, section in _sections(data, "sensors", sensors.names(), DEFAULT_SENSORS, where)
    }
    config = reading.convert(rest, Config, where)
    return msgspec.structs.replace(config, outputs=built_outputs, sensors=built_sensors)


def _sections(
    data: Mapping[str, Any], key: str, known: list[str], default: tuple[str, ...], where: str
) -> Iterator[tuple[str, Any]]:
    """Names and sections of the modules that ``key`` is about, also of those that have none."""
    given = data.get(key, {})
    if not isinstance(given, dict):
        example = (*default, *known)[0]
        raise reading.ReadingError(f"{where}: {key}: write a section, [{key}.{example}]")
    for name in dict.fromkeys((*default, *given)):
        if name not in known:
            raise reading.ReadingError(f"{where}: {reading.unknown_key(name, known, key)}")
        yield name, given.get(name, {})


def render(config: Config) -> str:
    """Settings as TOML with comments; what is not set stands in a comment."""
    lines = ["# oscbridge settings in force; defaults < file < command line", ""]
    lines += _lines(config, skip=(*PLUGGED, "streams"))
    for field in msgspec.structs.fields(Config):
        value = getattr(config, field.name)
        if field.name not in PLUGGED and _is_table(value):
            lines += ["", f"[{field.name}]", *_lines(value)]
    if config.streams:
        lines += ["", "[streams]"]
        lines += [f"{name} = {_literal(source)}" for name, source in config.streams.items()]
    for key in PLUGGED:
        for name, value in getattr(config, key).items():
            lines += ["", f"[{key}.{name}]", *_lines(value)]
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    return isinstance(value, msgspec.Struct) or dataclasses.is_dataclass(value)


def _lines(table: object, skip: tuple[str, ...] = ()) -> Iterator[str]:
    hints = get_type_hints(type(table), include_extras=True)
    for name, key in _keys(table):
        value = getattr(table, name)
        if name in skip or _is_table(value):
            continue
        note = _comment(hints[name])
        if value is None:
            yield f"# {key} = (not set)"
        else:
            yield f"{key} = {_literal(value)}" + (f"  # {note}" if note else "")


def _keys(table: object) -> list[tuple[str, str]]:
    if isinstance(table, msgspec.Struct):
        return [(field.name, field.encode_name) for field in msgspec.structs.fields(table)]
    return [(field.name, field.name) for field in dataclasses.fields(table)]  # type: ignore


def _comment(hint: object) -> str:
    notes = [
        meta.description or ""
        for meta in getattr(hint, "__metadata__", ())
        if isinstance(meta, msgspec.Meta)
    ]
    return next(filter(None, notes), "")


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, msgspec.Struct):
        value = {
            key: found for key, found in msgspec.structs.asdict(value).items() if found is not None
        }
    if isinstance(value, dict):
        entries = (f"{_literal_key(key)} = {_literal(item)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    return repr(value)


def _literal_key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else _literal(key)
