"""Options of the commands that run or analyse, declared in groups.

What each of them changes in the settings stands in `oscbridge.commands.settings`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.asking.settings import STRATEGIES
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
from oscbridge.library.settings import CHOICES

if TYPE_CHECKING:
    import argparse


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
        "--prefix",
        metavar="/NAME",
        help="what our addresses start with, said and heard (default /oscbridge; '' for nothing)",
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
    group.add_argument(
        "--record",
        metavar="FILE",
        help="keep all that comes in and goes out as JSON lines, for 'oscbridge replay' and "
        "'oscbridge report'",
    )
    group.add_argument(
        "--record-audio",
        action="store_const",
        const=True,
        help="keep the sound beside the record, too (.w64, 32-bit float)",
    )
    group.add_argument(
        "--dashboard",
        nargs="?",
        const="",
        metavar="HOST:PORT",
        help="serve a page for browsers, phones among them: what is heard, and buttons to teach, "
        "mark, freeze (default 127.0.0.1:7780; with --lan for other machines too, by a code)",
    )


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
        metavar="PRESET[:PORT]",
        help="understand what these programs say of the player, e.g. faceosc hr-pulsoid, at the "
        "preset's port or at another one",
    )


def add_sensor_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare who else tells how the player feels."""
    group = parser.add_argument_group("what the player feels")
    group.add_argument(
        "--sense",
        action="extend",
        nargs="+",
        metavar="SENSOR",
        help="open these sensors, e.g. camera heart_strap; their settings are [sensors.NAME]",
    )
    group.add_argument(
        "--strategy",
        choices=STRATEGIES,
        help="ask the host for other music because of it: match it, or iso (match it, then lead to "
        "the goal step by step), compensate (the goal at once), director (the game says when and "
        "whereto). Default off; the limits are [policy] in the settings. It makes no claim about "
        "health",
    )
    group.add_argument(
        "--explain",
        action="store_true",
        help="say why other music is asked for, or is not, whenever the reason changes",
    )


def add_library_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which library suggests tracks, and how."""
    group = parser.add_argument_group("what is suggested when other music is asked for")
    group.add_argument(
        "--library",
        metavar="FILE",
        help="suggest tracks of this library (default: the one in your data folder, if there is "
        "one; see: oscbridge library --help)",
    )
    group.add_argument(
        "--suggest",
        choices=CHOICES,
        help="the track nearest to what is asked for (default), near and to be mixed by key and "
        "tempo, of the same polarity, of the same polarity by the paper's table, or none",
    )
