"""``oscbridge run``: the main job. Sound in, what it expresses out, until Ctrl-C."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_seconds
from oscbridge.commands.options import (
    add_config_argument,
    add_input_arguments,
    add_keyboard_argument,
    add_library_arguments,
    add_model_argument,
    add_output_arguments,
    add_port_arguments,
    add_segment_arguments,
    add_sensor_arguments,
    add_stream_argument,
)
from oscbridge.commands.settings import settings_of

if TYPE_CHECKING:
    import argparse

    from oscbridge.config import Config

DESCRIPTION = """\
Listen to live sound and send what the music expresses over OSC: valence, arousal, the quadrant and
its label, and where new sections begin. Ctrl-C ends it."""

EXAMPLES = """\
examples:
  oscbridge run                                      what 'oscbridge setup' has saved, or else
                                                     the default input, to 127.0.0.1:7771
  oscbridge run --device "BlackHole" --to 192.168.1.20:9000
  oscbridge run --preset unity-extosc                speak the words of a host
  oscbridge run --source song.flac --to 127.0.0.1:7771 --to 127.0.0.1:9000
  ffmpeg -i URL -f s16le -ac 2 -ar 44100 - | oscbridge run --source -
  oscbridge run --sensitivity 0.3 --snap bar         fewer changes of section, and on the bar
  oscbridge run --also segment/maybe segment/withdrawn    early word of a change, to be confirmed
  oscbridge run --stream drums=drums.wav --stream crowd="live:USB Audio"
                                                     several at once: /oscbridge/drums/arousal, …
  oscbridge run --midi-in "Piano"                    a keyboard alone, from its notes
  oscbridge run --midi-in "Piano" --source live      the keyboard and the sound together
  oscbridge run --lan --allow 192.168.1.0/24         phones and tablets may speak to it too
  oscbridge run --hear faceosc                       the player's face, from FaceOSC
  oscbridge run --hear faceosc --strategy iso --explain
                                                     ask for other music when the player feels bad
  oscbridge run --strategy iso --library my.sqlite   … and suggest tracks of your library for it
  oscbridge run --midi-out                           MIDI too, for programs that learn controls
  oscbridge run --dashboard --lan                    a page for the tablet on the stage
  oscbridge run --print-config > my.toml             all settings, to change and use:
  oscbridge run --config my.toml

see what is sent: oscbridge monitor      which inputs are there: oscbridge devices"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge run``."""
    add_input_arguments(parser)
    add_stream_argument(parser)
    add_keyboard_argument(parser)
    add_segment_arguments(parser)
    add_output_arguments(parser)
    add_port_arguments(parser)
    add_sensor_arguments(parser)
    add_library_arguments(parser)
    add_session_arguments(parser)
    add_model_argument(parser)


def add_session_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what shapes the session: settings file, duration, view."""
    add_config_argument(parser)
    parser.add_argument(
        "--print-config", action="store_true", help="print the settings in force and exit"
    )
    parser.add_argument("--seconds", type=positive_seconds, metavar="N", help="end after N seconds")
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="whose labels and corrections (default: 'default'; '' for nobody's, kept nowhere)",
    )
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--plain", action="store_true", help="one line a change, no moving picture")
    shown.add_argument("--no-view", action="store_true", help="print nothing while running")


def run(args: argparse.Namespace) -> int:
    """Run a session; return its exit status.

    Raises
    ------
    OscbridgeError
        A setting, a device, a file or a target that does not work.
    """
    from oscbridge import own_settings

    hint = ""
    if args.config is None and (own := own_settings.find()) is not None:
        args.config, hint = own, f"settings from {own}\n"
    return run_or_print(settings_of(args), args, hint)


def run_or_print(config: Config, args: argparse.Namespace, hint: str = "") -> int:
    """Run a session with ``config``, or print it, or what MIDI ports it could have.

    ``hint`` is told before the session starts. Raises `OscbridgeError` where something cannot work.
    """
    if "list" in (getattr(args, "midi_in", None), args.midi_out):
        from oscbridge.commands.devices import print_midi_ports

        print_midi_ports()
        return 0
    if args.print_config:
        from oscbridge.config import render

        print(render(config), end="")
        return 0
    if getattr(args, "explain", False):
        logging.getLogger("oscbridge.policy").setLevel(logging.INFO)
    from oscbridge.session import run_session

    view = "none" if args.no_view else "plain" if args.plain else "auto"
    return run_session(config, seconds=args.seconds, view=view, hint=hint)
