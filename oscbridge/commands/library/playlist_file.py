"""Tracks that a command has chosen as a playlist (``--to``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import add_profile
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from oscbridge.labels import Labels
    from oscbridge.library.playlists import LeftOut
    from oscbridge.library.track import Track


def add_playlist(parser: argparse.ArgumentParser) -> None:
    """Declare ``--to``, ``--force``, and whose words stand in it, ``--profile``."""
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="write a playlist, too: .m3u8, .xspf, .xml, .nml"
    )
    parser.add_argument("--force", action="store_true", help="replace the playlist if there is one")
    add_profile(parser)


def check_playlist(args: argparse.Namespace) -> None:
    """See, before anything is done, that the playlist that is wanted can be written.

    Raises
    ------
    SettingsError
        The file's name says no format, it is there already, or has no folder.
    """
    from oscbridge.library import playlists

    if args.to is not None:
        playlists.check(args.to, replace=args.force)


def write_playlist(args: argparse.Namespace, tracks: Sequence[Track], words: Labels) -> int:
    """Write the playlist that is wanted, if any; return 1 where it could not tell all tracks.

    Raises
    ------
    SettingsError
        The file's name says no format, it is there already, or it cannot be written.
    """
    from oscbridge.library import playlists

    if args.to is None:
        return 0
    left_out = playlists.write(args.to, tracks, words=words, replace=args.force)
    return tell_written(args.to, tracks, left_out)


def tell_written(path: Path, tracks: Sequence[Track], left_out: Sequence[LeftOut]) -> int:
    """Say what is in a playlist, and what is not; return 1 where something is not."""
    from oscbridge.readable import printable

    for track, reason in left_out:
        tell(f"{printable(track.path)}: {reason}; left out")
    told = len(tracks) - len(left_out)
    tell(f"{printable(str(path))}: {told} track{'s' * (told != 1)}")
    return int(bool(left_out))
