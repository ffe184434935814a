"""``oscbridge request``: ask a host for other music through a running oscbridge, and watch."""

from __future__ import annotations

import argparse
import math
import time
from typing import TYPE_CHECKING, Any

from oscbridge.errors import DeviceError
from oscbridge.readable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from oscbridge.conversation import Conversation, Heard

CONFIRM_S = 2.0
"""A running oscbridge answers at once; what has not come by then does not come."""

DESCRIPTION = """\
Ask the host for other music, answer as a host would, or watch requests come and go. It talks to an
oscbridge that runs, over its port: try patches and mappings without a player."""

EXAMPLES = """\
examples:
  oscbridge request make 0.6 -0.4                 calm and pleasant, at the next bar
  oscbridge request make -0.7 0.8 --urgency 0.9   tense, at the next beat
  oscbridge request make 0.6 -0.4 --quantise 8bar --wait
  oscbridge request watch                         (in a second terminal) see what becomes of them
  oscbridge request ack 3 started                 say what a host would say
  oscbridge request cancel                        take the last one back

--wait ends with status 0 when the host has done it, else with 1. A request comes to one end: done,
rejected, expired or cancelled. See what is sent to the host: oscbridge monitor"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge request``."""
    from oscbridge.commands.arguments import bipolar, positive_seconds, share, whole_number
    from oscbridge.protocol import ACKS, QUANTISE

    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    make = _action(actions, "make", _make, "ask for other music")
    make.add_argument("valence", type=bipolar, help="-1 unpleasant to 1 pleasant")
    make.add_argument("arousal", type=bipolar, help="-1 calm to 1 excited")
    make.add_argument("--urgency", type=share, metavar="U", help="0 may wait, 1 now (default 0.5)")
    make.add_argument("--quantise", choices=QUANTISE, help="where to begin (default: by urgency)")
    make.add_argument(
        "--wait",
        action="store_true",
        help="print its states until it is over, or --seconds have passed",
    )

    ack = _action(actions, "ack", _ack, "say what a host does about a request")
    ack.add_argument("id", type=whole_number, help="number of the request")
    ack.add_argument("state", choices=ACKS, help="what the host does")

    cancel = _action(actions, "cancel", _cancel, "take the outstanding request back")
    cancel.add_argument("id", type=whole_number, nargs="?", help="only if it is this one")

    watch = _action(actions, "watch", _watch, "print requests and their states, until Ctrl-C")
    for action in (make, watch):
        action.add_argument("--seconds", type=positive_seconds, metavar="N", help="no longer")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; return the exit status.

    Raises
    ------
    OscbridgeError
        No oscbridge answers, or it refuses.
    """
    from oscbridge.conversation import Conversation
    from oscbridge.outputs.osc import parse_target
    from oscbridge.protocol import PORT_IN

    target = parse_target(args.to, PORT_IN) if args.to else None
    with Conversation(target, args.prefix) as conversation:
        conversation.listen("midi-only")
        status: int = args.act(args, conversation)
    return status


def _action(
    actions: Any,
    name: str,
    act: Callable[[argparse.Namespace, Conversation], int],
    summary: str,
) -> argparse.ArgumentParser:
    """Declare an action and what carries it out; ``actions`` is where argparse keeps them."""
    from oscbridge.protocol import PORT_IN, PREFIX

    added: argparse.ArgumentParser = actions.add_parser(
        name, help=summary, description=f"{summary.capitalize()}."
    )
    added.set_defaults(act=act)
    added.add_argument(
        "--to", metavar="HOST:PORT", help=f"where oscbridge listens (default port {PORT_IN})"
    )
    added.add_argument("--prefix", default=PREFIX, help=f"of its addresses (default {PREFIX})")
    added.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    return added


def _make(args: argparse.Namespace, conversation: Conversation) -> int:
    from oscbridge.requests import FINAL

    urgency = 0.5 if args.urgency is None else args.urgency
    values = [args.valence, args.arousal, urgency]
    if args.quantise is not None:
        values.append(args.quantise)
    conversation.say("in/request/make", *values)
    made: Heard | None = None
    for heard in conversation.heard(time.monotonic() + CONFIRM_S):
        _print(heard)
        if heard.name == "request/state" and heard.arguments[1] == "sent":
            made = heard
            break
    else:
        raise DeviceError("oscbridge has heard it, but asks for nothing: does it run?")
    if not args.wait or made is None:
        return 0
    for state in _states_of(made, conversation, _end_s(args.seconds)):
        if state in FINAL:
            return 0 if state == "done" else 1
    return 1


def _states_of(made: Heard, conversation: Conversation, until_s: float) -> Iterator[str]:
    """States that the request comes to; each stream counts its requests by itself."""
    for heard in conversation.heard(until_s):
        _print(heard)
        same = (heard.stream, heard.arguments[:1]) == (made.stream, made.arguments[:1])
        if heard.name == "request/state" and same:
            yield str(heard.arguments[1])


def _ack(args: argparse.Namespace, conversation: Conversation) -> int:
    conversation.say("in/request/ack", args.id, args.state)
    wanted = f"request {args.id} is not outstanding, or has come further than {args.state}."
    return _confirm(conversation, (args.id, args.state), wanted)


def _cancel(args: argparse.Namespace, conversation: Conversation) -> int:
    conversation.say("in/request/cancel", *(() if args.id is None else (args.id,)))
    which = "no request" if args.id is None else f"no request {args.id}"
    return _confirm(conversation, (args.id, "cancelled"), f"{which} is outstanding.")


def _confirm(conversation: Conversation, wanted: tuple[int | None, str], otherwise: str) -> int:
    """Wait for a state; raises `DeviceError` with ``otherwise`` where it does not come."""
    number, state = wanted
    for heard in conversation.heard(time.monotonic() + CONFIRM_S):
        if heard.name != "request/state" or heard.arguments[1] != state:
            continue
        if number in (None, heard.arguments[0]):
            _print(heard)
            return 0
    raise DeviceError(otherwise)


def _watch(args: argparse.Namespace, conversation: Conversation) -> int:
    try:
        for heard in conversation.heard(_end_s(args.seconds)):
            _print(heard)
    except KeyboardInterrupt:
        pass
    return 0


def _end_s(seconds: float | None) -> float:
    return math.inf if seconds is None else time.monotonic() + seconds


def _print(heard: Heard) -> None:
    """Print what concerns requests, and what is suggested, one line each."""
    where = f"{heard.stream}: " if heard.stream else ""
    match heard.name, heard.arguments:
        case "request", (number, valence, arousal, _, urgency, transition, quantise, *_, reason):
            text = (
                f"request {number}: valence {valence:+.2f}, arousal {arousal:+.2f}, "
                f"urgency {urgency:.2f}, {transition}, {quantise}, from {reason}"
            )
        case "request/state", (number, state):
            text = f"request {number}: {state}"
        case "suggest/go", (number, path, title, artist):
            called = f"{artist} - {title}" if artist else str(title)
            text = printable(f"suggests for request {number}: {called}, {path}")
        case _:
            return
    print(where + text, flush=True)
