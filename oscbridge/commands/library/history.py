"""``oscbridge library history``: what was played, taken over from players and services."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import math
import queue
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oscbridge.errors import MissingExtraError, SettingsError
from oscbridge.standard_streams import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.library.history import mpris
    from oscbridge.library.history.listens import Listen
    from oscbridge.library.store import Library
    from oscbridge.library.track import Track

DESCRIPTION = """\
What was played: taken over from portable players, Last.fm and ListenBrainz, told by a host over OSC
(oscbridge run --sense plays), or heard from the players of a Linux desktop. It stays in the library
on this machine. 'oscbridge library recommend' makes offers of it."""

EXAMPLES = """\
examples:
  oscbridge library history import .scrobbler.log             Rockbox and other players
  oscbridge library history import recenttracks-anna.csv      Last.fm, by lastfm.ghan.nl
  oscbridge library history import listenbrainz_anna.zip      ListenBrainz, Settings, Export data
  oscbridge library history show --days 30
  oscbridge library history follow                            until Ctrl-C: mpv, VLC, Firefox …
  oscbridge library history forget --before 2024-01-01

Reading a file twice adds nothing. Tracks are known again by their path, else by artist and title;
what the library does not have is kept as well, for the day on which it does."""

DAY_S = 86400.0
ROWS = 20
LOOK_S = 0.5
"""How often it is looked whether players can still be followed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library history``."""
    from oscbridge.commands.arguments import positive_int

    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    read = _action(actions, "import", _import, "read files that other programs export")
    read.add_argument("files", metavar="FILE", type=Path, nargs="+", help="log, CSV, JSON or ZIP")
    show = _action(actions, "show", _show, "what was played most, and how much is kept")
    show.add_argument(
        "--days", type=positive_int, default=7, metavar="N", help="how far back (default 7)"
    )
    show.add_argument(
        "--rows", type=positive_int, default=ROWS, metavar="N", help=f"(default {ROWS})"
    )
    _action(actions, "follow", _follow, "follow the players of this desktop until Ctrl-C")
    forget = _action(actions, "forget", _forget, "forget what was played")
    forget.add_argument(
        "--before", type=_day, metavar="YYYY-MM-DD", help="only what was played before that day"
    )
    forget.add_argument("--all", action="store_true", help="all of it")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        As what was asked for says.
    """
    act: Callable[[argparse.Namespace], int] = args.act_on_history
    return act(args)


def _action(
    actions: Any, name: str, act: Callable[[argparse.Namespace], int], summary: str
) -> argparse.ArgumentParser:
    """Declare an action; ``--library`` may stand behind it, too."""
    added: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=f"{summary.capitalize()}."
    )
    added.set_defaults(act_on_history=act)
    added.add_argument(
        "--library", metavar="FILE", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    added.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    return added


def _import(args: argparse.Namespace) -> int:
    """Read files; what is left out of them is said."""
    from oscbridge.library.history.exports import read_export
    from oscbridge.library.history.listens import keep
    from oscbridge.library.place import opened

    readings = [(path, read_export(path)) for path in args.files]  # all of them, or nothing
    with opened(args.library, writable=True) as library:
        for path, reading in readings:
            new = keep(library, reading.listens)
            count = len(reading.listens)
            tell(f"{path}: {count} play{'s' * (count != 1)}, {new} of them new")
            for reason, count in reading.left_out.most_common():
                tell(f"{path}: {count} left out: {reason}")
    return 0


def _show(args: argparse.Namespace) -> int:
    """Print what was played most in the last days."""
    from oscbridge.library.history.listens import between, span
    from oscbridge.library.history.naming import Naming
    from oscbridge.library.place import opened

    with opened(args.library) as library:
        kept = span(library)
        now_s = time.time()
        listens = between(library, now_s - args.days * DAY_S, now_s)
        plays = Naming(library).plays_of(listens)
        counts = Counter((digest, "" if digest else listen.called) for digest, listen in plays)
        rows = [
            (count, library.track(digest) if digest else None, called)
            for (digest, called), count in counts.most_common(args.rows)
        ]
    if not kept.count:
        tell("nothing is known of what was played: see  oscbridge library history --help")
        return 0
    first, last = (
        time.strftime("%Y-%m-%d", time.localtime(s)) for s in (kept.first_s, kept.last_s)
    )
    known = sum(digest is not None for digest, _ in plays)
    print(f"kept: {kept.count} play{'s' * (kept.count != 1)}, from {first} to {last}")
    print(f"{len(plays)} in the last {args.days} days, {known} of them of tracks in the library")
    _print_table(rows)
    if len(counts) > args.rows:
        print(f"and {len(counts) - args.rows} more: add --rows {len(counts)}")
    return 0


def _print_table(rows: Sequence[tuple[int, Track | None, str]]) -> None:
    """Print how often what was played; of what the library does not have only its name."""
    from oscbridge.readable import printable, signed
    from oscbridge.terminal.tables import build_table, print_giving_way

    table = build_table(">plays", "track", ">valence", ">arousal", ">energy")
    for count, track, called in rows:
        facts = ["-", "-", "-"]
        if track is not None:
            sound = track.sound
            facts = [signed(sound.valence), signed(sound.arousal), str(sound.energy)]
        table.add_row(str(count), printable(track.called if track else called), *facts)
    if rows:
        print_giving_way(table, 1)


def _follow(args: argparse.Namespace) -> int:
    """Keep what the players of this desktop play, until a signal ends it."""
    from oscbridge import ending
    from oscbridge.library.history import mpris
    from oscbridge.library.place import opened

    if importlib.util.find_spec(mpris.PACKAGE) is None:
        raise MissingExtraError("following players", mpris.PACKAGE, "players")
    ended: queue.SimpleQueue[Sequence[Listen] | None] = queue.SimpleQueue()
    with opened(args.library, writable=True) as library:
        watch = mpris.Watch(ended.put)
        tell("what the players of this desktop play is kept until Ctrl-C")
        try:
            with ending.caught(lambda _number, _frame: ended.put(None)):
                _keep_until_end(library, watch, ended)
        finally:
            watch.close()  # gives what was heard of what plays now
        while not ended.empty():
            _keep(library, ended.get() or ())
    return 0


def _keep_until_end(
    library: Library, watch: mpris.Watch, ended: queue.SimpleQueue[Sequence[Listen] | None]
) -> None:
    """Keep listens as they come, and say who is followed or what is wrong; None is the end."""
    from oscbridge.readable import printable

    said = ""
    while True:
        now = watch.detail or f"following {', '.join(watch.players) or 'nobody yet'}"
        if now != said:
            said = now
            tell(printable(said))
        with contextlib.suppress(queue.Empty):
            listens = ended.get(timeout=LOOK_S)
            if listens is None:
                return
            _keep(library, listens)


def _keep(library: Library, listens: Sequence[Listen]) -> None:
    """Keep listens and say so."""
    from oscbridge.library.history.listens import keep
    from oscbridge.readable import printable

    keep(library, listens)
    for listen in listens:
        print(printable(listen.called), flush=True)


def _forget(args: argparse.Namespace) -> int:
    """Forget plays; raises `SettingsError` where it is not said which."""
    from oscbridge.library.history.listens import forget
    from oscbridge.library.place import opened

    before_s: float | None = math.inf if args.all else args.before
    if before_s is None:
        raise SettingsError("which plays? Say --before YYYY-MM-DD or --all.")
    with opened(args.library, writable=True, made=False) as library:
        count = forget(library, before_s)
    tell(f"{count} play{'s' * (count != 1)} forgotten")
    return 0


def _day(text: str) -> float:
    """Read a day; Unix time of its beginning here."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().timestamp()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write 2024-01-31") from None
