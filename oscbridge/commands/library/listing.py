"""What ``library list`` and ``library find`` have in common: limits, and how tracks are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from oscbridge.library.limits import Limits, Range
    from oscbridge.library.track import Track

SHOWN = 50
"""Tracks that are shown unless more are asked for."""
_RANGES = {
    "valence": ("valence", "-1..1, unpleasant to pleasant"),
    "arousal": ("arousal", "-1..1, calm to excited"),
    "energy": ("energy", "1..10"),
    "tempo": ("tempo_bpm", "beats a minute"),
    "sure": ("confidence", "0..1, how surely the quadrant is right"),
    "minutes": ("duration_s", "length"),
}
"""Options that are ranges: the field of `Limits`, and what it counts."""


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Declare which tracks are meant."""
    from oscbridge.commands.arguments import finite

    limits = parser.add_argument_group("limits; all that are given hold")
    for name, (_, what) in _RANGES.items():
        limits.add_argument(
            f"--{name}", nargs=2, type=finite, metavar=("LOW", "HIGH"), help=f"{what}"
        )
    limits.add_argument(
        "--key", action="append", default=[], metavar="KEY", help="8A, Am or 1m; several: any"
    )
    limits.add_argument(
        "--quadrant", action="append", default=[], type=int, choices=range(5), help="0: unknown"
    )
    limits.add_argument("--genre", default="", metavar="WORD", help="words of its genre")
    limits.add_argument("--artist", default="", metavar="WORD", help="words of its artist")


def add_shown(parser: argparse.ArgumentParser) -> None:
    """Declare how tracks are shown."""
    from oscbridge.commands.arguments import positive_int
    from oscbridge.library.store import ORDERS

    shown = parser.add_argument_group("how they are shown")
    shown.add_argument("--order", choices=sorted(ORDERS), default="artist", help="(default artist)")
    shown.add_argument(
        "--count", type=positive_int, default=SHOWN, metavar="N", help=f"at most (default {SHOWN})"
    )
    shown.add_argument("--all", action="store_true", help="however many there are")
    shown.add_argument("--json", action="store_true", help="one JSON object a line")


def limits_of(args: argparse.Namespace) -> Limits:
    """Read the limits.

    Raises
    ------
    SettingsError
        A key that there is not.
    """
    from oscbridge.library.camelot import key_of
    from oscbridge.library.limits import Limits

    ranges: dict[str, Range] = {}
    for name, (field, _) in _RANGES.items():
        given: list[float] | None = getattr(args, name)
        if given is not None:
            scale = 60.0 if name == "minutes" else 1.0
            ranges[field] = (min(given) * scale, max(given) * scale)
    return Limits(
        **ranges,
        keys=tuple(key_of(text) for text in args.key),
        quadrants=tuple(args.quadrant),
        genre=args.genre,
        artist=args.artist,
    )


def count_of(args: argparse.Namespace) -> int:
    """How many tracks are wanted; -1: all."""
    return -1 if args.all else args.count


def show(tracks: Sequence[Track], args: argparse.Namespace, there_are: int) -> None:
    """Print tracks as they are wanted; say where there are more."""
    if args.json:
        for track in tracks:
            print(json.dumps(whole(track)))
    elif tracks:
        print_table(tracks)
    if not tracks:
        tell("there is no such track in the library")
    if there_are > len(tracks):
        tell(f"{len(tracks):,} of {there_are:,} tracks; --all shows the others")


def whole(track: Track, *, sections: bool = False) -> dict[str, Any]:
    """All that is known of a track as JSON has it."""
    import dataclasses

    known = dataclasses.asdict(track.sound)
    parts = known.pop("sections")
    known |= {"key": _key_name(track.sound.key)}
    if sections:
        known["sections"] = [part | {"key": _key_name(part["key"])} for part in parts]
    return {
        "path": track.path,
        "digest": track.digest,
        **dataclasses.asdict(track.names),
        **known,
    }


def _key_name(key: int | None) -> str | None:
    from oscbridge.library.track import KEYS

    return None if key is None else KEYS[key]


def print_table(tracks: Sequence[Track]) -> None:
    """Print tracks as a table."""
    from oscbridge.commands.library.match import mixing_cells
    from oscbridge.readable import minutes, printable, signed
    from oscbridge.terminal.tables import build_table, print_giving_way

    table = build_table(
        *("track", ">length", ">valence", ">arousal", ">sure", ">energy", ">BPM", "key")
    )
    for track in tracks:
        sound = track.sound
        tempo, _, key = mixing_cells(track, None)
        table.add_row(
            printable(track.called),
            minutes(sound.duration_s),
            signed(sound.valence),
            signed(sound.arousal),
            f"{sound.confidence:.0%}",
            str(sound.energy),
            tempo,
            key,
        )
    print_giving_way(table, 0)
