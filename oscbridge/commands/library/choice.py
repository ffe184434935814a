"""What commands that write for others have in common: which tracks, and whose words for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.commands.library.listing import add_limits, limits_of

if TYPE_CHECKING:
    import argparse

    from oscbridge.labels import Labels
    from oscbridge.library.store import Library
    from oscbridge.library.track import Track


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Declare ``--find``, limits of numbers, and ``--profile``."""
    add_find(parser)
    add_profile(parser)
    add_limits(parser)


def add_find(parser: argparse.ArgumentParser) -> None:
    """Declare ``--find``."""
    parser.add_argument(
        "--find",
        metavar="WORD",
        nargs="+",
        default=[],
        help="only tracks with these words in their names, or words that begin so",
    )


def chosen(library: Library, args: argparse.Namespace, order: str = "artist") -> list[Track]:
    """The tracks that are meant, in an order.

    Raises
    ------
    OscbridgeError
        The library cannot be read, or a key is none.
    """
    return library.find(" ".join(args.find), limits_of(args), order=order, count=-1)


def add_profile(parser: argparse.ArgumentParser) -> None:
    """Declare ``--profile``."""
    from oscbridge.profiles.settings import DEFAULT

    parser.add_argument(
        "--profile", metavar="NAME", default=DEFAULT, help="whose words for the quadrants"
    )


def words_of(profile: str) -> Labels:
    """The words of a profile; ours where the user has taught nothing yet.

    Raises
    ------
    SettingsError
        There is no such profile, or it cannot be read.
    """
    from oscbridge.labels import Labels
    from oscbridge.profile import Profile
    from oscbridge.profiles.folder import look_into, names
    from oscbridge.profiles.settings import DEFAULT

    if profile == DEFAULT and DEFAULT not in names():
        return Labels()
    return Profile(course=look_into(profile)[1], labels=Labels()).words()
