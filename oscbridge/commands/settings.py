"""Options that change settings: each names the key of the settings file that it overrides.

Precedence is defaults < file < command line. An option that was not given changes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from oscbridge.commands.arguments import (
    block_size,
    channel_numbers,
    named_source,
    port_number,
    positive_int,
    sample_rate,
    seconds_from_zero,
    share,
)
from oscbridge.errors import SettingsError, unknown_name
from oscbridge.sources.select import LIVE, NONE

if TYPE_CHECKING:
    import argparse

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
    "to": "outputs.osc.to",
    "also": "outputs.osc.optional",
    "record": "outputs.record.path",
    "dry_run": "request.dry_run",
    "port": "port.port",
    "port_enabled": "port.enabled",
    "lan": "port.lan",
    "allow": "port.allow",
    "hear": "port.hear",
    "midi_in": "keyboard.port",
    "midi_out": "outputs.midi.port",
}
"""Argument name to key path of `oscbridge.config`."""


def add_config_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--config``."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file (TOML); options override it"
    )


def add_input_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what chooses and shapes the input."""
    group = parser.add_argument_group("input")
    group.add_argument(
        "--source",
        metavar="live|FILE|demo|-",
        help="live input (default), an audio file, the built-in music, or raw samples on stdin",
    )
    group.add_argument(
        "--device",
        metavar="NAME",
        help="input device: number, name or a part of it (see: oscbridge devices)",
    )
    group.add_argument("--host-api", metavar="NAME", help="audio system: jack, wasapi, alsa, ...")
    group.add_argument(
        "--channels", type=channel_numbers, metavar="1,2", help="channels to mix, counted from 1"
    )
    group.add_argument("--rate", type=sample_rate, metavar="HZ", help="sample rate of the device")
    group.add_argument(
        "--block-size", type=block_size, metavar="N", help="samples per block: less is quicker"
    )
    group.add_argument(
        "--raw-format", choices=("s16le", "f32le"), help="samples of --source - (default s16le)"
    )
    group.add_argument(
        "--raw-channels", type=positive_int, metavar="N", help="channels of --source - (default 2)"
    )


def add_stream_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--stream``."""
    parser.add_argument(
        "--stream",
        action="append",
        type=named_source,
        metavar="NAME=SOURCE",
        help="hear several sources at once (repeat it): the addresses of each begin with its name; "
        "SOURCE as for --source, or live:DEVICE",
    )


def add_keyboard_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--midi-in``."""
    parser.add_argument(
        "--midi-in",
        metavar="PORT|list",
        help="hear a keyboard: name of the MIDI input or a part of it; list shows which there are. "
        "Alone, unless --source or --device names a sound to be heard with it",
    )


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--model``."""
    parser.add_argument("--model", metavar="NAME", help="music model (default: music)")


def add_segment_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what shapes the boundaries."""
    group = parser.add_argument_group("sections")
    group.add_argument(
        "--sensitivity",
        type=share,
        metavar="0..1",
        help="how readily a new section is believed: 0 only the clearest changes, 1 every change",
    )
    group.add_argument(
        "--min-segment",
        type=seconds_from_zero,
        metavar="S",
        help="shortest section, seconds (default 4)",
    )
    group.add_argument(
        "--snap",
        choices=("off", "beat", "bar"),
        help="move boundaries to the nearest beat or bar (default off)",
    )
    group.add_argument(
        "--rule", metavar="NAME", help="what finds the boundaries; see dsp/README.md"
    )


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the messages go."""
    group = parser.add_argument_group("output")
    group.add_argument(
        "--to",
        action="extend",
        nargs="+",
        metavar="HOST:PORT",
        help="send OSC there, to one or several (default 127.0.0.1:7771, or the preset's target)",
    )
    group.add_argument(
        "--preset", metavar="NAME", help="speak the words of a host program, e.g. unity-extosc"
    )
    group.add_argument(
        "--also",
        action="extend",
        nargs="+",
        metavar="SIGNAL",
        help="send opt-in signals too, e.g. segment/maybe segment/withdrawn, segment/novelty, "
        "audio/level",
    )
    group.add_argument(
        "--midi-out",
        nargs="?",
        const="",
        metavar="PORT|list",
        help="send MIDI controls and notes too: to the MIDI output PORT (a part of its name will "
        "do), or from a port of our own, 'oscbridge Out'; list shows which outputs there are",
    )
    group.add_argument(
        "--dry-run",
        action="store_const",
        const=True,
        help="log requests for other music instead of sending them",
    )
    group.add_argument("--record", metavar="FILE", help="write all messages as JSON lines too")


def add_port_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where others speak to us, and who may."""
    group = parser.add_argument_group("what others say to it")
    where = group.add_mutually_exclusive_group()
    where.add_argument(
        "--port",
        type=port_number,
        metavar="N",
        help="UDP port to listen at (default 7770; if it is busy, the one 10 or 20 further)",
    )
    where.add_argument(
        "--no-port",
        dest="port_enabled",
        action="store_const",
        const=False,
        help="listen to nobody",
    )
    group.add_argument(
        "--lan",
        action="store_const",
        const=True,
        help="let other machines of the network speak to it too, not only programs of this one",
    )
    group.add_argument(
        "--allow",
        action="extend",
        nargs="+",
        metavar="NET",
        help="with --lan, only these: addresses or networks, as in 192.168.1.20 10.0.0.0/24",
    )
    group.add_argument(
        "--hear",
        action="extend",
        nargs="+",
        metavar="PRESET",
        help="understand what these programs say of the player, e.g. faceosc hr-pulsoid",
    )


def settings_of(args: argparse.Namespace) -> Config:
    """Read the settings in force: defaults, the file, the options.

    Raises
    ------
    SettingsError
        An unknown key, a value out of range, an unknown preset, model or rule.
    """
    from oscbridge.config import load
    from oscbridge.detection import check_rule

    given = vars(args)
    overrides = {OPTION_KEYS[option]: given[option] for option in _said(given)}
    if given.get("stream") is not None:
        overrides["streams"] = _streams_of(given)
    if given.get("midi_in") is not None and not _names_sound(given):
        overrides["input"] = NONE  # a keyboard alone
    config = load(given.get("config"), overrides)
    _check_model(config.analysis.model, given.get("files"))
    check_rule(config.segments.rule)
    if config.input != LIVE and not {"device", "host_api"} & {*_said(given)}:
        # The file's device is that of live input: it must not stand in the way of another source.
        source = replace(config.source, device=None, host_api=None)
        config = replace(config, source=source)
    return config


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
