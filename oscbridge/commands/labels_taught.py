"""How ``oscbridge labels`` teaches: a profile where it lies, or the oscbridge that runs with it."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from oscbridge.errors import DeviceError, SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from oscbridge.conversation import Conversation
    from oscbridge.profile import Profile
    from oscbridge.protocol import Value

    Said = tuple[str, tuple[Value, ...]]
    """Name of an inlet and its arguments."""

ANSWER_S = 3.0
"""A running oscbridge answers when what it was taught is on the disk."""


def teach(args: argparse.Namespace, said: Iterable[Said], done: str = "has learned it") -> int:
    """Teach a profile where it lies, or the oscbridge that runs with it; return the exit status.

    Parameters
    ----------
    args : argparse.Namespace
        Which profile, or which oscbridge.
    said : iterable of Said
        The lessons.
    done : str
        What the one that runs has done then, in words.

    Raises
    ------
    SettingsError
        It is refused, or options contradict each other.
    DeviceError
        Nobody answers.
    """
    from oscbridge.profiles.opening import InUseError
    from oscbridge.profiles.settings import DEFAULT

    lessons = list(said)
    name = None if args.live else args.profile
    there = args.live or args.to is not None or args.prefix is not None
    if there and name is not None:
        raise SettingsError(
            "--to and --prefix are for an oscbridge that runs, which has a profile of its own "
            "(oscbridge labels switch): leave --profile out."
        )
    if not there:
        try:
            _teach_here(name or DEFAULT, lessons)
        except InUseError as error:
            if name is not None:  # the one that runs need not be the one that holds it
                raise SettingsError(
                    f"{error} Without --profile, the oscbridge that runs is taught."
                ) from None
        else:
            print(f"kept in the profile {name or DEFAULT}")
            return 0
    teach_there(args, lessons)
    print(f"the oscbridge that runs {done}")
    return 0


def train(args: argparse.Namespace) -> int:
    """Teach the oscbridge that runs what plays now, and print what that word is to it; return 0.

    A word that is misspelt is a new label: who teaches is told at once.

    Raises
    ------
    SettingsError
        It is refused.
    DeviceError
        Nobody answers.
    """
    from oscbridge.protocol import PREFIX

    with _converse(args) as conversation:
        before = _examples(conversation)
        _teach_one(conversation, ("in/label/train", (args.word,)))
        after = _examples(conversation)
    for slug, (name, examples) in after.items():
        if slug not in before:
            address = f"{args.prefix or PREFIX}/label/{slug}"
            print(f"{name!r} is a new label, {address};  oscbridge labels undo  takes it back")
        elif examples != before[slug][1]:
            print(f"the oscbridge that runs has learned it: {examples} examples of {name!r}")
        else:
            continue
        return 0
    print(f"the oscbridge that runs has learned it: corrected towards {args.word!r}")
    return 0


def _teach_here(name: str, lessons: Iterable[Said]) -> None:
    from oscbridge.inbound.answers import Answers
    from oscbridge.inbound.call import Call, Refused
    from oscbridge.inbound.sender import Sender
    from oscbridge.inbound.teaching import Teaching
    from oscbridge.inlets import INLETS, InletError
    from oscbridge.protocol import PREFIX

    teaching = Teaching(Answers(None, PREFIX))
    teaching.profile = _open(name)
    try:
        for inlet, values in lessons:
            call = Call(INLETS[inlet], INLETS[inlet].read(values), Sender("command line"))
            teaching.actions[inlet](call)
    except (InletError, Refused) as error:
        raise SettingsError(f"{error}.") from None
    finally:
        teaching.profile.close()


def _open(name: str) -> Profile:
    """Open a profile to change it."""
    from models import catalogue
    from oscbridge.profile import Profile
    from oscbridge.profiles.folder import base_of
    from oscbridge.profiles.opening import open_for_change

    found = open_for_change(name, base_of(catalogue.DEFAULT))
    if found.news:
        print(found.news)
    return Profile(found.keeper, found.course)


def teach_there(args: argparse.Namespace, lessons: Iterable[Said]) -> None:
    """Say lessons to the oscbridge that runs; it has learned them when it answers a ping.

    Raises
    ------
    SettingsError
        It has refused one.
    DeviceError
        Nobody answers.
    """
    with _converse(args) as conversation:
        for lesson in lessons:
            _teach_one(conversation, lesson)


def _converse(args: argparse.Namespace) -> Conversation:
    """A conversation with the oscbridge that runs."""
    from oscbridge.conversation import Conversation
    from oscbridge.outputs.osc import parse_target
    from oscbridge.protocol import PORT_IN, PREFIX

    target = parse_target(args.to, PORT_IN) if args.to else None
    return Conversation(target, args.prefix or PREFIX)


def _teach_one(conversation: Conversation, lesson: Said) -> None:
    """Say one lesson, and wait until it is learned."""
    inlet, values = lesson
    nonce = secrets.randbits(31)
    conversation.say(inlet, *values)
    conversation.say("ping", nonce)
    for heard in conversation.heard(time.monotonic() + ANSWER_S):
        if heard.name == "pong" and heard.arguments[0] == nonce:
            return
    raise DeviceError("oscbridge does not answer any more: is it still running?")


def _examples(conversation: Conversation) -> dict[str, tuple[str, int]]:
    """Name and number of examples of each label there is, by its slug."""
    found: dict[str, tuple[str, int]] = {}
    conversation.say("in/label/list")
    for heard in conversation.heard(time.monotonic() + ANSWER_S):
        if heard.name == "labels":
            number, slug, name, examples = heard.arguments
            if number == 0:  # the end
                break
            found[str(slug)] = str(name), int(str(examples))
    return found
