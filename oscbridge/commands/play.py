"""``oscbridge play``: a game in the terminal whose music follows its player, the whole loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from oscbridge.commands.arguments import positive_seconds
from oscbridge.commands.options import add_config_argument, add_model_argument
from oscbridge.commands.settings import settings_of
from oscbridge.profiles.settings import PersonalSettings

if TYPE_CHECKING:
    import argparse

SECONDS = 90.0

DESCRIPTION = """\
A game of 90 seconds, without an engine: walk between a forest, a feast, a fight and a ruin, and the
music follows what you feel. It is a host like yours: it says what the player feels, is asked for
other music, turns on the bar with an equal-power fade and acknowledges it, all over real OSC; and
oscbridge hears its sound and says what the music expresses. Arrow keys walk, q ends."""

EXAMPLES = """\
examples:
  oscbridge play                             and in a second terminal: oscbridge monitor
  oscbridge play --auto                      the player walks by itself
  oscbridge play --to 127.0.0.1:9000         your game or patch is told, too
  oscbridge play --mute                      nothing on the loudspeaker
  oscbridge play --profile anna              as Anna hears it (oscbridge labels)
  oscbridge play --auto --seconds 45 --json  what happens, as JSON lines; the last is the summary

while it plays: oscbridge request watch"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge play``."""
    parser.add_argument("--auto", action="store_true", help="the player walks by itself")
    parser.add_argument(
        "--seconds",
        type=positive_seconds,
        default=SECONDS,
        metavar="N",
        help=f"length of the game (default {SECONDS:g})",
    )
    parser.add_argument("--mute", action="store_true", help="play nothing on the sound card")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a line instead of a picture"
    )
    parser.add_argument(
        "--to",
        action="extend",
        nargs="+",
        metavar="HOST:PORT",
        help="send OSC there as well (default 127.0.0.1:7771)",
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="as this listener hears it, and to be taught; without it nothing is kept",
    )
    add_config_argument(parser)
    add_model_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Play a game; return its exit status.

    Raises
    ------
    OscbridgeError
        A setting, a port or a target that does not work.
    """
    config = settings_of(args)
    if args.profile is None:  # music of a game says nothing about anybody's own
        config = replace(config, personal=PersonalSettings(profile=""))
    from oscbridge.play.loop import play

    return play(
        config, seconds=args.seconds, auto=args.auto or args.json, mute=args.mute, json=args.json
    )
