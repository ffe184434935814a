"""``oscbridge labels``: the user's own words, what they teach, and the profiles that keep it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from oscbridge.commands.labels_taught import teach, teach_there, train
from oscbridge.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.commands.labels_taught import Said

DESCRIPTION = """\
Your own words for what music expresses: other words for the quadrants, labels for regions of the
plane of valence and arousal or taught by example, and corrections of what oscbridge hears. A
profile keeps them; it is changed where it lies, or by the oscbridge that runs with it."""

EXAMPLES = """\
examples:
  oscbridge labels list                          what there is, and what was learned
  oscbridge labels sets                          sets that ship: gems, energy, colours, s1 …
  oscbridge labels use gems                      take one over (or a file that somebody gave you)
  oscbridge labels define "Regen" -0.4 -0.5 --radius 0.3
  oscbridge labels rename 3 melancholisch        another word for quadrant 3

while oscbridge runs:
  oscbridge labels train "Regen"                 what plays now is this; new words are learned so
  oscbridge labels train sad                     a quadrant or a label that has its place: corrects
  oscbridge labels correct -0.3 0.2              what plays now is at this valence and arousal
  oscbridge labels wrong                         what is said now is wrong
  oscbridge labels undo                          take back what was taught last

  oscbridge labels switch anna                   go over to the profile of another person

hand it on, keep it apart:
  oscbridge labels export mine.toml
  oscbridge labels use mine.toml --profile anna  (and:  oscbridge run --profile anna)
  oscbridge labels profiles

weights leave over OSC where they are asked for:  oscbridge run --also label"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge labels``."""
    from oscbridge.commands import labels_kept as kept
    from oscbridge.commands.arguments import bipolar
    from oscbridge.labels.place import FIRST_RADIUS

    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _action(actions, "list", kept.list_labels, "labels, words and what was learned", lives="kept")
    _action(actions, "sets", kept.list_sets, "the sets of labels that ship", lives="nowhere")
    use = _action(actions, "use", _use, "take over a set that ships, or a file (*.toml)")
    use.add_argument("set", metavar="SET|FILE", help="its name, or a file that was exported")
    export = _action(
        actions, "export", kept.export, "write all labels and words into one file", lives="kept"
    )
    export.add_argument("file", type=Path, help="a file that ends in .toml")
    export.add_argument("--force", action="store_true", help="replace the file if there is one")
    define = _action(actions, "define", _define, "a label for a region of the plane, new or moved")
    define.add_argument("name", help="any text of one line")
    define.add_argument("valence", type=bipolar, help="middle, -1 unpleasant to 1 pleasant")
    define.add_argument("arousal", type=bipolar, help="middle, -1 calm to 1 excited")
    define.add_argument(
        "--radius",
        type=_radius,
        nargs="+",
        default=[FIRST_RADIUS],
        metavar="R",
        help=f"where it still fits half (default {FIRST_RADIUS}); a second number is of arousal",
    )
    rename = _action(actions, "rename", _rename, "another word for a quadrant")
    rename.add_argument("quadrant", type=_quadrant, help="1 to 4, or happy, tense, sad, relaxed")
    rename.add_argument("word", help="any text of one line")
    delete = _action(actions, "delete", _delete, "a label is no more")
    delete.add_argument("name", help="the label, its slug, or #NUMBER")
    example = _action(actions, "train", train, "what plays now is this", lives="runs")
    example.add_argument("word", help="quadrant 1 to 4 or its word, a label, or a new one")
    correct = _action(actions, "correct", _correct, "what plays now is at this point", lives="runs")
    correct.add_argument("valence", type=bipolar)
    correct.add_argument("arousal", type=bipolar)
    _action(actions, "wrong", _wrong, "what is said of what plays now is wrong", lives="runs")
    _action(actions, "undo", _undo, "take back what was taught last")
    freeze = _action(actions, "freeze", _freeze, "learn no more from corrections, or again")
    freeze.add_argument("state", choices=("on", "off"))
    _action(actions, "reset", _reset, "forget all corrections; labels stay")
    switch = _action(actions, "switch", _switch, "go over to another profile", lives="runs")
    switch.add_argument("name", help="the profile; one that is new begins with the first lesson")
    _action(actions, "profiles", kept.list_profiles, "the profiles that there are", lives="nowhere")
    carry = _action(
        actions,
        "migrate",
        kept.migrate,
        "carry a profile over to the model in use now",
        lives="nowhere",
    )
    carry.add_argument("name", help="the profile")
    carry.add_argument("--model", metavar="NAME", default="music", help="(default music)")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        It cannot be done; says why.
    """
    status: int = args.act(args)
    return status


def _action(
    actions: Any,
    name: str,
    act: Callable[[argparse.Namespace], int],
    summary: str,
    *,
    lives: Literal["anywhere", "runs", "kept", "nowhere"] = "anywhere",
) -> argparse.ArgumentParser:
    """Declare an action.

    ``lives`` says where the profile is that it is about: with the oscbridge that runs, kept on the
    disk, either of them, or no particular one.
    """
    from oscbridge.profiles.settings import DEFAULT
    from oscbridge.protocol import PORT_IN, PREFIX

    added: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=f"{summary.capitalize()}."
    )
    added.set_defaults(act=act, live=lives == "runs")
    if lives in ("anywhere", "kept"):
        added.add_argument("--profile", metavar="NAME", help=f"(default {DEFAULT!r})")
    if lives in ("anywhere", "runs"):
        added.add_argument(
            "--to", metavar="HOST:PORT", help=f"where oscbridge listens (default port {PORT_IN})"
        )
        added.add_argument("--prefix", help=f"of its addresses (default {PREFIX})")
    added.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    return added


def _radius(text: str) -> float:
    from oscbridge.labels.place import NARROWEST, WIDEST

    try:
        radius = float(text)
    except ValueError:
        radius = -1.0
    if not NARROWEST <= radius <= WIDEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no radius of {NARROWEST} to {WIDEST:g}")
    return radius


def _quadrant(text: str) -> int:
    from models.types import QUADRANTS
    from oscbridge.labels import Labels

    words = Labels()
    if quadrant := words.find(text):
        return quadrant
    there = ", ".join(f"{number} {words.of(number)}" for number in QUADRANTS)
    raise argparse.ArgumentTypeError(f"{text!r} is no quadrant. There are: {there}")


def _define(args: argparse.Namespace) -> int:
    if len(args.radius) > 2:
        raise SettingsError("a label has one radius, or one of valence and one of arousal.")
    return teach(args, [("in/label/define", (args.name, args.valence, args.arousal, *args.radius))])


def _rename(args: argparse.Namespace) -> int:
    return teach(args, [("in/label/set", (args.quadrant, args.word))])


def _delete(args: argparse.Namespace) -> int:
    return teach(args, [("in/label/delete", (args.name,))], "has deleted it")


def _correct(args: argparse.Namespace) -> int:
    return teach(args, [("in/personal/va", (args.valence, args.arousal))])


def _wrong(args: argparse.Namespace) -> int:
    return teach(args, [("in/label/wrong", ())])


def _undo(args: argparse.Namespace) -> int:
    return teach(args, [("in/label/train/undo", ())], "has taken it back")


def _freeze(args: argparse.Namespace) -> int:
    done = "learns no more" if args.state == "on" else "learns again"
    return teach(args, [("in/personal/freeze", (int(args.state == "on"),))], done)


def _reset(args: argparse.Namespace) -> int:
    return teach(args, [("in/personal/reset", ())], "has forgotten all corrections")


def _switch(args: argparse.Namespace) -> int:
    teach_there(args, [("in/profile", (args.name,))])
    print(f"the oscbridge that runs goes on with the profile {args.name}")
    return 0


def _use(args: argparse.Namespace) -> int:
    from oscbridge.labels.files import read_set

    found = read_set(args.set)
    said: list[Said] = [("in/label/set", word) for word in found.quadrants.words().items()]
    said += [
        ("in/label/define", (entry.name, entry.valence, entry.arousal, *entry.radii))
        for entry in found.label
    ]
    return teach(args, said)
