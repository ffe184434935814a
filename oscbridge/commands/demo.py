"""``oscbridge demo``: a run whose music is made here, to try everything without a sound card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from oscbridge.commands import run as run_command
from oscbridge.commands.arguments import positive_seconds
from oscbridge.commands.options import (
    add_model_argument,
    add_output_arguments,
    add_port_arguments,
    add_segment_arguments,
    add_sensor_arguments,
)
from oscbridge.commands.settings import settings_of
from oscbridge.sources.settings import SECTION_S

if TYPE_CHECKING:
    import argparse

    from oscbridge.config import Config

DESCRIPTION = """\
Send what oscbridge hears in its built-in music, which walks through the four quadrants: happy, sad,
tense, relaxed, and again. No sound card is needed and nothing is heard; the packets are real.
Ctrl-C ends it."""

EXAMPLES = """\
examples:
  oscbridge demo                             and in a second terminal: oscbridge monitor
  oscbridge demo --seconds 10                all four quadrants in ten seconds
  oscbridge demo --to 127.0.0.1:9000         straight into your game or patch
  oscbridge demo --preset unity-extosc

next: oscbridge devices, then oscbridge run --device NAME"""

HINT = """\
see it arrive: oscbridge monitor, in a second terminal
a new section every {section_s:g} s: {labels}, and again
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge demo``."""
    parser.add_argument(
        "--section",
        type=positive_seconds,
        metavar="S",
        help=f"seconds of each section (default {SECTION_S:g}, less where --seconds is short)",
    )
    add_segment_arguments(parser)
    add_output_arguments(parser)
    add_port_arguments(parser)
    add_sensor_arguments(parser)
    run_command.add_session_arguments(parser)
    add_model_argument(parser)
    parser.set_defaults(source="demo")


def run(args: argparse.Namespace) -> int:
    """Run the demo; return its exit status.

    Raises
    ------
    OscbridgeError
        A setting or a target that does not work.
    """
    config = settings_of(args)
    section_s = config.source.section_s
    if args.section is None and section_s == SECTION_S and args.seconds is not None:
        section_s = round(min(max(args.seconds / 4.0, 1.0), SECTION_S), 2)
    config = for_sections(config, section_s)
    hint = HINT.format(section_s=section_s, labels=_labels(config))
    return run_command.run_or_print(config, args, hint=hint)


def _labels(config: Config) -> str:
    """The quadrants in the order of the music, in the user's words."""
    from oscbridge.sources.demo_music import ORDER

    return ", ".join(config.labels.of(quadrant) for quadrant in ORDER)


def for_sections(config: Config, section_s: float) -> Config:
    """Let a section last ``section_s`` seconds, and listen for changes that come as often."""
    from oscbridge.hearing.detection import USUAL_SEGMENT_S

    segments = config.segments
    if segments.min_segment_s == USUAL_SEGMENT_S:
        segments = replace(segments, min_segment_s=min(section_s / 2.0, USUAL_SEGMENT_S))
    source = replace(config.source, section_s=section_s)
    return replace(config, source=source, segments=segments)
