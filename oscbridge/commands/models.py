"""``oscbridge models``: which models there are, what their cards say, and training one's own.

Conventions
-----------
Shipped models and the user's own are one list (`models.catalogue`); only her own can be removed or
trained. Results go to standard output, progress and complaints to standard error.
"""

from __future__ import annotations

import argparse
import json
import shutil
from typing import TYPE_CHECKING

from oscbridge.commands import train_model
from oscbridge.commands.train_model import unfinished
from oscbridge.errors import OscbridgeError, SettingsError, unknown_name
from oscbridge.standard_streams import complain

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.catalogue import Entry

DESCRIPTION = """\
List the models that can hear music, show what is known about one (what it learned from, under which
licence, how right it is, where it fails), check their files, and train one on your own music."""

EXAMPLES = """\
examples:
  oscbridge models                            a table
  oscbridge models --json                     one JSON object a line
  oscbridge models show music                 the card of a model: data, licence, figures, limits
  oscbridge models verify                     are all files whole and fit for this version?
  oscbridge models train --data MUSIC         learn from a folder of labelled music
  oscbridge models rm my-game                 remove a model of yours
  oscbridge run --model my-game               listen with it

'oscbridge models train --help' says how the folder has to look, and explains --name, --from,
--epochs, --seed, --out, --resume and --skip-bad. Your models lie where this system keeps your data;
the environment variable OSCBRIDGE_MODELS names another folder."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge models``."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(act=_list)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")

    def action(
        name: str, act: Callable[[argparse.Namespace], int], summary: str, text: str = ""
    ) -> argparse.ArgumentParser:
        """Declare an action and what carries it out."""
        added = actions.add_parser(
            name,
            help=summary,
            description=text or f"{summary[0].upper()}{summary[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(act=act)
        added.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        return added

    show = action("show", _show, "show the card of a model")
    show.add_argument("name", metavar="NAME", help="a model (see: oscbridge models)")
    show.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as it is")
    verify = action("verify", _verify, "check the files of all models, or of one")
    verify.add_argument("name", metavar="NAME", nargs="?", help="a model (default: all)")
    remove = action("rm", _remove, "remove a model of yours, or a training that was not finished")
    remove.add_argument("name", metavar="NAME", help="a model of yours")
    summary = "train a model on your own labelled music"
    train = action("train", train_model.run, summary, train_model.DESCRIPTION)
    train.epilog = train_model.EXAMPLES
    train_model.add_arguments(train)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        An unknown model, damaged files, or a training that cannot be done.
    """
    act: Callable[[argparse.Namespace], int] = args.act
    return act(args)


def _find(name: str) -> Entry:
    """Find a model by its name, or say which ones there are."""
    from models import catalogue

    try:
        return catalogue.find(name)
    except KeyError:
        known = [entry.name for entry in catalogue.entries()]
        raise unknown_name("model", name, known) from None


def _list(args: argparse.Namespace) -> int:
    from models import catalogue

    entries = catalogue.entries()
    if args.json:
        for entry in entries:
            print(json.dumps(_as_record(entry), ensure_ascii=False))
        return 0
    from rich.console import Console

    from oscbridge.terminal.model_card import print_list

    print_list(Console(highlight=False), entries)
    print("choose one:  oscbridge run --model NAME    what it is:  oscbridge models show NAME")
    for name in _unfinished():
        print(f"not finished: {name}  (oscbridge models train --name {name} … --resume)")
    return 0


def _as_record(entry: Entry) -> dict[str, object]:
    facts = entry.facts
    return {
        "name": entry.name,
        "kind": entry.kind,
        "task": facts.task if facts else None,
        "quadrant_accuracy": facts.figure("quadrant accuracy") if facts else None,
        "answers_every_s": facts.answers_every_s if facts else None,
        "parameters": facts.parameters if facts else None,
        "licence": facts.licence_short if facts else None,
        "own": entry.own,
        "file": str(entry.folder / f"{entry.name}.npz"),
        "trouble": entry.trouble or None,
    }


def _unfinished() -> list[str]:
    """Names of the trainings that were begun in the user's folder and not finished."""
    from models import catalogue

    folder = catalogue.own_folder()
    return sorted(place.name[1:-9] for place in folder.glob(".*.training") if place.is_dir())


def _show(args: argparse.Namespace) -> int:
    entry = _find(args.name)
    if not entry.card:
        raise OscbridgeError(entry.trouble)
    if getattr(args, "json", False):
        print(json.dumps(entry.card, indent=2, ensure_ascii=False))
        return 0
    from rich.console import Console

    from oscbridge.terminal.model_card import print_card

    print_card(Console(highlight=False), entry, str(entry.card.get("sha256", ""))[:12])
    return 0


def _verify(args: argparse.Namespace) -> int:
    """Read all files of the models, run those that can be run, and say which ones are good."""
    from models import catalogue
    from models.weights import WeightsError, read_weights

    chosen = [_find(args.name)] if args.name else catalogue.entries()
    status = 0
    for entry in chosen:
        trouble = entry.trouble
        try:
            digest = read_weights(entry.name, entry.folder).digest
            if entry.kind == "affect":
                catalogue.load(entry.name)
        except WeightsError as error:
            trouble, digest = str(error), ""
        if trouble:
            complain(trouble if entry.name in trouble else f"{entry.name}: {trouble}")
            status = 2
        else:
            print(f"ok  {entry.name}  {digest}")
    return status


def _remove(args: argparse.Namespace) -> int:
    from models import catalogue

    folder = catalogue.own_folder()
    own = [entry.name for entry in catalogue.entries() if entry.own]
    if args.name not in {*own, *_unfinished()}:
        if args.name in {entry.name for entry in catalogue.entries()}:
            raise SettingsError(f"the model {args.name!r} came with oscbridge: it stays.")
        raise unknown_name("model of yours", args.name, [*own, *_unfinished()])
    for ending in (".npz", ".json"):
        (folder / f"{args.name}{ending}").unlink(missing_ok=True)
    shutil.rmtree(unfinished(folder, args.name), ignore_errors=True)
    print(f"removed {args.name} from {folder}")
    return 0
