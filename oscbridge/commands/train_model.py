"""``oscbridge models train``: a model of one's own, from a folder of labelled music.

Conventions
-----------
Here is what the user says and sees; the work is done by a program of its own
(`oscbridge.own_training`). Names, folders and what is in the way are checked before it starts.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_int, whole_number
from oscbridge.errors import OscbridgeError, SettingsError
from oscbridge.standard_streams import complain

if TYPE_CHECKING:
    import argparse

    from models.learning_report import AnyMessage, Refused
    from oscbridge.terminal.training_view import TrainingView

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""What a model may be called: its files have this name on every system."""

DESCRIPTION = """\
Train a model on your own labelled music. It begins from the shipped model 'music' and learns how
you label; --from scratch begins from nothing and needs far more music. Needs the extra 'train':
pip install "oscbridge[train]"."""

EXAMPLES = """\
the folder:
  MUSIC/happy/… MUSIC/tense/… MUSIC/sad/… MUSIC/relaxed/…
            folders named by quadrant: Q1 to Q4, 1 to 4, or words such as angry, anxious, calm.
            A folder below (MUSIC/sad/Nick Drake/…) is a group: one artist, game or album.
  MUSIC/labels.csv
            or a table with the columns file, and quadrant or valence and arousal (-1..1);
            if you like also group, or artist.
  WAV, FLAC, OGG, Opus and MP3 of 3 s or more; 8 files of 3 groups a quadrant at least, 50 are
  better. Of long files the minute in the middle is heard.

what happens:
  Every file is decoded first. If one is unreadable, silent, too short, there twice or has no known
  label, nothing is trained and all bad files are listed (exit status 2); --skip-bad goes on without
  them. The music is then divided into parts, no group in two of them; each part in turn is held
  out, to see how right the model is on music that it has not heard, and to stop when that gets no
  better. After every epoch all is saved: after Ctrl-C or a power cut, --resume goes on to the same
  result.

examples:
  oscbridge models train --data MUSIC                        the name is that of the folder
  oscbridge models train --data MUSIC --name my-game
  oscbridge models train --data MUSIC --name my-game --resume
  oscbridge models train --data MUSIC --from scratch --epochs 120
  oscbridge analyze --model my-game song.flac"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge models train``."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="folder of labelled music"
    )
    parser.add_argument(
        "--name", help="by which the model is chosen later (default: that of the folder)"
    )
    parser.add_argument(
        "--from",
        dest="begin",
        choices=("music", "scratch"),
        default="music",
        help="begin from the shipped model (default) or from nothing",
    )
    parser.add_argument(
        "--epochs",
        type=positive_int,
        metavar="N",
        help="passes over the music, at most (default 40, from scratch 80)",
    )
    parser.add_argument(
        "--seed", type=whole_number, default=0, metavar="N", help="of all that is drawn (default 0)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where the model goes (default: where yours are)"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with a training that was stopped"
    )
    parser.add_argument(
        "--skip-bad", action="store_true", help="go on without the bad files, and list them"
    )


def run(args: argparse.Namespace) -> int:
    """Train; return 0, or 2 if the music was refused.

    Raises
    ------
    MissingExtraError
        The libraries for training are not installed.
    OscbridgeError
        A name or a folder that cannot be used, or a training that ended from outside.
    """
    from oscbridge.own_training import TrainingEndedError, require_training
    from oscbridge.terminal.training_view import TrainingView

    require_training()
    name = args.name or name_of(args.data)
    folder = _folder(args, name)
    _compile()
    words = ["--data", str(args.data), "--name", name, "--out", str(folder)]
    words += ["--from", args.begin, "--seed", str(args.seed)]
    words += ["--epochs", str(args.epochs)] if args.epochs else []
    words += ["--resume"] if args.resume else []
    words += ["--skip-bad"] if args.skip_bad else []
    try:
        with TrainingView() as view:
            last = _follow(words, view, debug=args.debug)
    except (KeyboardInterrupt, TrainingEndedError):
        if unfinished(folder, name).is_dir():
            complain(f"stopped; go on with:  {_again(args, name)}")
        raise
    return _conclude(last, args, folder)


def name_of(data: Path) -> str:
    """Name of a model after its folder: ``My Music!`` gives ``my-music``."""
    words = re.sub(r"[^a-z0-9]+", "-", data.resolve().name.casefold()).strip("-")
    return words[:40].rstrip("-") or "own"


def unfinished(folder: Path, name: str) -> Path:
    """Where a training keeps what it has done until its model is there."""
    return folder / f".{name}.training"


def _folder(args: argparse.Namespace, name: str) -> Path:
    """Where the model goes; refuses what stands in the way before anything is done."""
    from models import catalogue

    if not NAME.fullmatch(name):
        raise SettingsError(
            f"--name {name!r}: letters, digits, - and _, at most 40, and a letter or digit first."
        )
    if any(entry.name == name and not entry.own for entry in catalogue.entries()):
        raise SettingsError(f"there is a model {name!r} in oscbridge: choose another --name.")
    folder: Path = args.out or catalogue.own_folder()
    if (folder / f"{name}.npz").exists():
        raise SettingsError(
            f"there is a model {name!r} in {folder}: choose another --name, or remove that one "
            f"(oscbridge models rm {name})."
        )
    begun = unfinished(folder, name).is_dir()
    if begun and not args.resume:
        raise SettingsError(
            f"a training of {name!r} was begun and not finished: go on with --resume, or remove "
            f"{unfinished(folder, name)}."
        )
    if args.resume and not begun:
        raise SettingsError(f"there is no training of {name!r} in {folder} to go on with.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"the folder {folder} cannot be made: {error.strerror}.") from None
    return folder


def _compile() -> None:
    """Compile the kernels once, so that the training finds them."""
    from oscbridge.config import Config
    from oscbridge.warmup import kernels_are_compiled, prepare_kernels

    if not kernels_are_compiled():
        prepare_kernels(Config())


def _follow(words: list[str], view: TrainingView, *, debug: bool) -> AnyMessage | None:
    """Show a training while it runs; return the last thing that it said."""
    from oscbridge.own_training import training

    last: AnyMessage | None = None
    with training(words, debug=debug) as messages:
        for last in messages:
            view.show(last)
    return last


def _conclude(last: AnyMessage | None, args: argparse.Namespace, folder: Path) -> int:
    """Say how a training ended."""
    from models.learning_report import Done, Failed, Refused

    if isinstance(last, Failed):
        raise OscbridgeError(last.reason)
    if isinstance(last, Refused):
        _refuse(last, args)
        return 2
    if not isinstance(last, Done):
        raise RuntimeError("the training ended without a word")
    more = "" if last.early else " (it was still getting better: more --epochs may help)"
    print(f"{last.name} is ready, after epoch {last.epoch}{more}:")
    for figure, value in last.figures.items():
        print(f"  {figure:<34} {value}")
    if args.out is None:
        print(f"use it:  oscbridge run --model {last.name}")
    else:
        print(f"use it:  OSCBRIDGE_MODELS={folder} oscbridge run --model {last.name}")
    print(f"its card:  oscbridge models show {last.name}")
    return 0


def _refuse(refused: Refused, args: argparse.Namespace) -> None:
    """List all bad files, then what the set as a whole lacks, then what can be done."""
    from rich.console import Console

    from oscbridge.terminal.training_view import print_bad_files

    console = Console(stderr=True, highlight=False)
    if refused.bad and not args.skip_bad:
        print_bad_files(
            console, refused.bad, f"{len(refused.bad)} of {refused.files} files are bad:"
        )
    for sentence in refused.lacks:
        console.print(f"  {sentence}", markup=False, soft_wrap=True)
    remedy = "mend or remove these files"
    if refused.bad and not refused.lacks and not args.skip_bad:
        remedy += ", or go on without them: --skip-bad"
    elif not refused.bad or args.skip_bad:
        remedy = "add labelled music"
    complain(f"nothing was trained with {args.data}: {remedy}.")


def _again(args: argparse.Namespace, name: str) -> str:
    """The command that goes on with a training."""
    words = ["oscbridge", "models", "train", "--data", str(args.data), "--name", name]
    words += ["--from", args.begin] if args.begin != "music" else []
    words += ["--epochs", str(args.epochs)] if args.epochs else []
    words += ["--seed", str(args.seed)] if args.seed else []
    words += ["--out", str(args.out)] if args.out else []
    words += ["--skip-bad"] if args.skip_bad else []
    return shlex.join([*words, "--resume"])
