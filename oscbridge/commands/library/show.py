"""``oscbridge library show``: all that is known of a track, section by section."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from oscbridge.library.store import Library
    from oscbridge.library.track import Track

DESCRIPTION = "Show all that is known of a track: names, where it lies, what its sections express."

EXAMPLES = """\
examples:
  oscbridge library show "one more time"      words of its names
  oscbridge library show song.flac            the file
  oscbridge library show song.flac --json     with the sections' embeddings"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library show``."""
    parser.add_argument("track", metavar="TRACK", help="words of its names, or its file")
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Show a track; return 0.

    Raises
    ------
    OscbridgeError
        The library cannot be read, or the track is not in it.
    """
    from oscbridge.commands.library.listing import whole
    from oscbridge.library.finding import the_track
    from oscbridge.library.place import opened

    with opened(args.library) as library:
        track = the_track(library, args.track)
        if args.json:
            paths = library.paths(track.digest)
            print(json.dumps({**whole(track, sections=True), "paths": paths}))
        else:
            _print(library, track)
    return 0


def _print(library: Library, track: Track) -> None:
    from oscbridge.library.track import KEYS
    from oscbridge.readable import minutes, printable, signed

    names, sound = track.names, track.sound
    known = {
        "track": track.called,
        "album": names.album,
        "genre": names.genre,
        "length": minutes(sound.duration_s),
        "valence": f"{signed(sound.valence)} ± {sound.valence_sd:.2f}",
        "arousal": f"{signed(sound.arousal)} ± {sound.arousal_sd:.2f}",
        "quadrants": " ".join(f"{share:.0%}" for share in sound.quadrant_probabilities)
        + f", sure to {sound.confidence:.0%}",
        "energy": str(sound.energy),
        "tempo": "" if sound.tempo_bpm is None else f"{sound.tempo_bpm:.1f} BPM",
        "key": "" if sound.key is None else KEYS[sound.key],
        "loudness": "" if sound.loudness_lufs is None else f"{sound.loudness_lufs:.1f} LUFS",
        "heard by": sound.model,
    }
    for what, said in known.items():
        if said:
            print(f"{what:10} {printable(said)}")
    for path in library.paths(track.digest):
        print(f"{'file':10} {printable(path)}")
    _print_sections(track)


def _print_sections(track: Track) -> None:
    from rich.console import Console

    from oscbridge.library.camelot import code_of
    from oscbridge.readable import minutes, signed
    from oscbridge.terminal.tables import build_table

    table = build_table(
        *(">from", ">to", ">valence", ">arousal", ">sure", ">energy", ">BPM", "key", ">LUFS")
    )
    for section in track.sound.sections:
        table.add_row(
            minutes(section.start_s),
            minutes(section.end_s),
            signed(section.valence),
            signed(section.arousal),
            f"{section.confidence:.0%}",
            str(section.energy or ""),
            "" if section.tempo_bpm is None else f"{section.tempo_bpm:.0f}",
            "" if section.key is None else code_of(section.key),
            "" if section.loudness_lufs is None else f"{section.loudness_lufs:.1f}",
        )
    Console(highlight=False, markup=False).print(table)
