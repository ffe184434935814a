"""``oscbridge library plot``: the collection as a map, a page or a picture."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.library.choice import add_choice, chosen, words_of
from oscbridge.errors import LibraryError, MissingExtraError, SettingsError, unknown_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from oscbridge.labels import Labels
    from oscbridge.library.track import Track

PAGE = "music-map.html"
PICTURES = (".png", ".svg", ".pdf")

DESCRIPTION = """\
Draw the library as a map of valence and arousal. A page (.html) is one file that works offline:
point at a track to see what it is, search, filter by energy, tempo, key and genre, look at its
sections; by mouse, finger or keyboard, in light and dark. A picture (.png, .svg, .pdf) is for
paper and slides (extra plot)."""

EXAMPLES = f"""\
examples:
  oscbridge library plot                       writes {PAGE}
  oscbridge library plot --open                and shows it in the browser
  oscbridge library plot summer.png            a picture
  oscbridge library plot jazz.html --find jazz
  oscbridge library plot mine.html --no-paths  to hand on: not where your files lie

The page holds names of tracks and, without --no-paths, their folders. It loads nothing from
anywhere and takes a browser of 2024 or later."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library plot``."""
    parser.add_argument(
        "out",
        type=Path,
        nargs="?",
        default=Path(PAGE),
        metavar="OUT",
        help=f"page or picture, by its ending (default {PAGE})",
    )
    parser.add_argument("--force", action="store_true", help="replace the file if there is one")
    parser.add_argument(
        "--no-paths", action="store_true", help="leave out in which folders the files lie"
    )
    add_choice(parser)
    parser.add_argument("--open", action="store_true", help="show it when it is done")


def run(args: argparse.Namespace) -> int:
    """Draw the map; return 0.

    Raises
    ------
    LibraryError
        There is no library, or nothing in it.
    SettingsError
        The file exists, has an unknown ending, or cannot be written.
    MissingExtraError
        A picture without matplotlib.
    """
    from oscbridge.library.place import opened

    path: Path = args.out
    ending = path.suffix.lower()
    if ending not in (".html", ".htm", *PICTURES):
        raise unknown_name("kind of map", ending or path.name, (".html", *PICTURES))
    if ending in PICTURES and importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("a picture of the map", "matplotlib", "plot")
    if path.exists() and not args.force:
        raise SettingsError(f"{str(path)!r} exists: add --force to replace it, or name another.")
    words = words_of(args.profile)
    with opened(args.library) as library:
        tracks = chosen(library, args)
    if not tracks:
        raise LibraryError("there is no such track, or none at all: oscbridge library list")
    if ending in PICTURES:
        from oscbridge.library.map.picture import draw_map

        draw_map(tracks, words, path)
    else:
        _write_page(tracks, words, path, paths=not args.no_paths)
    print(f"wrote {path}: {len(tracks):,} tracks, {_kilobytes(path)}")
    if args.open:
        _show(path)
    return 0


def _write_page(tracks: Sequence[Track], labels: Labels, path: Path, *, paths: bool) -> None:
    from oscbridge.library.map.page import build_page

    try:
        path.write_text(build_page(tracks, labels, paths=paths), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be written: {error.strerror}.") from None


def _kilobytes(path: Path) -> str:
    return f"{-(-path.stat().st_size // 1000):,} kB"


def _show(path: Path) -> None:
    import webbrowser

    webbrowser.open(path.resolve().as_uri())
