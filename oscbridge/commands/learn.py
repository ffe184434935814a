"""``oscbridge learn``: one control alone, so that a program that learns takes the right one."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
import time
from typing import TYPE_CHECKING, Protocol

from oscbridge.errors import DeviceError, unknown_name

if TYPE_CHECKING:
    import argparse

    from oscbridge.conversation import Conversation
    from oscbridge.outputs.midi import MidiOutput

DESCRIPTION = """\
Programs that learn MIDI take the first control that moves, and oscbridge moves many at once. This
moves one alone, up and down every two seconds (a note: on and off), until you press Enter for the
next one or Ctrl-C. It asks the oscbridge that runs; where none runs, it opens the MIDI port itself.
Without a name it lists what can be learned."""

EXAMPLES = """\
examples:
  oscbridge run --midi-out              (in a first terminal) MIDI from the port 'oscbridge Out'
  oscbridge learn                       what can be learned, and as which control
  oscbridge learn valence               then, in your program: MIDI learn, click the knob
  oscbridge learn note/boundary         a note, for a cue or a scene
  oscbridge learn intensity --midi-out "loopMIDI"    nothing runs: through this port

Enter goes on to the next, Ctrl-C ends it. A running oscbridge moves signals that go out by OSC too:
oscbridge learn norm/arousal."""

REFUSAL_S = 0.3
"""A running oscbridge refuses at once."""


class _Teacher(Protocol):
    """Whoever moves the control."""

    def teach(self, name: str) -> None:
        """Move this one alone; an empty name: none."""
        ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge learn``."""
    from oscbridge.commands.arguments import positive_seconds
    from oscbridge.commands.options import add_config_argument
    from oscbridge.protocol import PORT_IN, PREFIX

    parser.add_argument("name", nargs="?", help="what to learn; without it, the list")
    parser.add_argument(
        "--to", metavar="HOST:PORT", help=f"where oscbridge listens (default port {PORT_IN})"
    )
    parser.add_argument("--prefix", default=PREFIX, help=f"of its addresses (default {PREFIX})")
    parser.add_argument(
        "--midi-out", metavar="PORT", help="open this MIDI output instead of asking who runs"
    )
    parser.add_argument("--seconds", type=positive_seconds, metavar="N", help="end after N seconds")
    add_config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """List, or let one thing after the other be learned; return 0.

    Raises
    ------
    OscbridgeError
        Nothing has such a name, nobody answers, or there is no MIDI.
    """
    from oscbridge.midi.table import LEARNABLE
    from oscbridge.protocol import SIGNALS

    if args.name is None:
        _print_table()
        return 0
    if args.name not in LEARNABLE and args.name not in SIGNALS:
        raise unknown_name("control", args.name, LEARNABLE)
    with contextlib.ExitStack() as opened:
        teacher = _find_teacher(args, opened)
        opened.callback(teacher.teach, "")
        with contextlib.suppress(KeyboardInterrupt):
            _teach(teacher, args)
    return 0


def _teach(teacher: _Teacher, args: argparse.Namespace) -> None:
    """Teach one after the other until there is no Enter, no time or no name any more."""
    from oscbridge.midi.table import learnable_after

    entered = _entered_lines()
    end_s = None if args.seconds is None else time.monotonic() + args.seconds
    name = args.name
    while name:
        teacher.teach(name)
        following = learnable_after(name)
        _print_taught(name, following)
        rest_s = None if end_s is None else max(end_s - time.monotonic(), 0.0)
        try:
            entered.get(timeout=rest_s)
        except queue.Empty:
            return
        name = following


def _entered_lines() -> queue.SimpleQueue[str]:
    """Lines of standard input, as they are entered; none where nobody sits at a terminal."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    if sys.stdin.isatty():
        threading.Thread(target=_read_lines, args=(lines,), daemon=True).start()
    return lines


def _read_lines(lines: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)


def _find_teacher(args: argparse.Namespace, opened: contextlib.ExitStack) -> _Teacher:
    """The oscbridge that runs, else a port of our own. Raises `OscbridgeError` where none is."""
    from oscbridge.conversation import Conversation
    from oscbridge.outputs.osc import parse_target
    from oscbridge.protocol import PORT_IN

    if args.midi_out is None:
        target = parse_target(args.to, PORT_IN) if args.to else None
        try:
            return _Asked(opened.enter_context(Conversation(target, args.prefix)))
        except DeviceError:
            if target is not None:
                raise
    return _OwnPort(opened.enter_context(contextlib.closing(_open_port(args))))


class _Asked:
    """An oscbridge that runs."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def teach(self, name: str) -> None:
        """Ask it to move this one alone."""
        from oscbridge.midi.table import STOP

        self._conversation.say("in/learn", name or STOP)
        for _ in self._conversation.heard(time.monotonic() + REFUSAL_S):
            pass  # a refusal is raised


class _OwnPort:
    """A MIDI port that is open as long as this command runs."""

    def __init__(self, output: MidiOutput) -> None:
        self._output = output
        print(f"through {output.name}, which is open as long as this runs", flush=True)

    def teach(self, name: str) -> None:
        """Move this one alone. Raises `DeviceError` where it is no MIDI."""
        from oscbridge.midi.table import LEARNABLE
        from oscbridge.orders import Learn

        if name and name not in LEARNABLE:
            raise DeviceError(f"{name} goes out by OSC alone: start oscbridge run or demo first.")
        self._output.obey(Learn(name or None, sweep=True))


def _open_port(args: argparse.Namespace) -> MidiOutput:
    """Open the port of the settings. Raises `OscbridgeError` where there is none."""
    from msgspec.structs import replace

    from oscbridge.config import load
    from oscbridge.outputs import midi

    config = load(args.config, {"outputs.midi.port": args.midi_out}).outputs.get("midi")
    assert isinstance(config, midi.Config | None)
    output = midi.open(replace(config or midi.Config(), control=midi.NONE))
    if output.off:
        output.close()
        raise DeviceError(f"no oscbridge runs, and no MIDI port can be opened: {output.off}")
    return output


def _print_table() -> None:
    from rich.console import Console

    from oscbridge.midi.table import CONTROLS, LEARNABLE, NOTES
    from oscbridge.terminal.tables import build_table

    table = build_table("name", "MIDI", "says")
    for name in LEARNABLE:
        row = CONTROLS.get(name)
        number = f"CC {row.number}" if row else f"note {NOTES[name].number}"
        table.add_row(name, number, row.meaning if row else NOTES[name].meaning)
    Console(highlight=False).print(table)
    print("choose one:  oscbridge learn NAME")


def _print_taught(name: str, following: str) -> None:
    go_on = f"Enter: on to {following}. " if following else "Enter or "
    hint = f"{go_on}Ctrl-C: end." if sys.stdin.isatty() else "Ctrl-C ends it."
    print(f"{name} moves alone: let your program learn it now. {hint}", flush=True)
