"""``oscbridge library export``: tracks as a playlist or collection that other software takes in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import add_choice, chosen, words_of
from oscbridge.commands.library.playlist_file import tell_written
from oscbridge.errors import LibraryError
from oscbridge.library.playlists.forms import FORMS

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Write tracks into a playlist, with key, energy and the quadrant's word in the comment. The file's
name says the format: .m3u8, .xspf, .xml (rekordbox) or .nml (Traktor)."""

EXAMPLES = """\
examples:
  oscbridge library export all.m3u8                  everything, by artist
  oscbridge library export warm-up.nml --energy 3 6 --order energy
  oscbridge library export punk.xml --find daft punk    rekordbox: what is called so
  oscbridge library export /media/usb/set.m3u8 --relative

taken in by
  rekordbox    Preferences, Advanced, rekordbox xml: choose the file; it appears in the tree
  Traktor      right click on Playlists, Import Playlist
  Mixxx        Playlists, Import Playlist (.m3u8)
  VLC, mpd     open it

Exit status 1: some tracks could not be told in this format; they are named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library export``."""
    from oscbridge.library.store import ORDERS

    parser.add_argument("file", metavar="FILE", type=Path, help="the playlist to write")
    add_choice(parser)
    listed = ", ".join(FORMS)
    parser.add_argument(
        "--format", choices=FORMS, metavar="FORM", help=f"one of {listed} (default: by the name)"
    )
    parser.add_argument(
        "--order", choices=sorted(ORDERS), default="artist", help="(default artist)"
    )
    parser.add_argument("--name", default="", help="of the playlist (default: as the file)")
    parser.add_argument(
        "--relative", action="store_true", help="paths from the playlist's folder (.m3u8)"
    )
    parser.add_argument("--force", action="store_true", help="replace the file if there is one")


def run(args: argparse.Namespace) -> int:
    """Write a playlist; return the exit status.

    Raises
    ------
    LibraryError
        The library cannot be read, or no track is meant.
    OscbridgeError
        The profile cannot be read, or the file cannot be written.
    """
    from oscbridge.library import playlists
    from oscbridge.library.place import opened

    playlists.check(args.file, args.format, relative=args.relative, replace=args.force)
    with opened(args.library) as library:
        tracks = chosen(library, args, args.order)
        if not tracks:
            raise LibraryError("no track is meant; nothing was written: oscbridge library list")
        left_out = playlists.write(
            args.file,
            tracks,
            args.format,
            words=words_of(args.profile),
            name=args.name,
            relative=args.relative,
            replace=args.force,
        )
    return tell_written(args.file, tracks, left_out)
