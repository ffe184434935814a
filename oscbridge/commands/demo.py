"""``oscbridge demo``: a run whose music is made here, to try everything without a sound card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.commands import run as run_command
from oscbridge.commands.settings import add_model_argument, add_output_arguments

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Send what oscbridge hears in its built-in music, which walks through the four moods: happy, tense,
sad, relaxed, and again. No sound card is needed and nothing is heard; the packets are real.
Ctrl-C ends it."""

EXAMPLES = """\
examples:
  oscbridge demo                             and in a second terminal: oscbridge monitor
  oscbridge demo --seconds 40
  oscbridge demo --to 127.0.0.1:9000         straight into your game or patch
  oscbridge demo --preset unity-extosc

next: oscbridge devices, then oscbridge run --device NAME"""

HINT = "see it arrive: oscbridge monitor, in a second terminal\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge demo``."""
    add_output_arguments(parser)
    run_command.add_session_arguments(parser)
    add_model_argument(parser)
    parser.set_defaults(source="demo")


def run(args: argparse.Namespace) -> int:
    """Run the demo; return its exit status."""
    return run_command.run(args, hint=HINT)
