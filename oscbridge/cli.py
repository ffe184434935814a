"""The command line: one parser, one module a command, one place where errors become sentences.

Conventions
-----------
``oscbridge COMMAND …`` imports only ``oscbridge.commands.COMMAND``, so that ``--help`` and
``--version`` answer at once. A command module has ``DESCRIPTION`` and ``EXAMPLES`` (texts),
``add_arguments(parser)`` and ``run(args) -> int`` (the exit status). Exit status: 0 done, 1 an
unexpected error, 2 something that the user can mend (one line on stderr), 128 + n interrupted by
signal n. Log handlers are installed here and nowhere else.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from oscbridge import __version__, ending, standard_streams
from oscbridge.errors import OscbridgeError, SettingsError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

KILLED_BY = 128
"""Exit status after a signal, as shells expect it: this plus the signal's number."""

COMMANDS: dict[str, str] = {
    "setup": "first run: choose the program and the input, see that it works",
    "run": "listen to live sound and send what it expresses",
    "demo": "the same with music made here: try this first",
    "play": "a game in the terminal whose music follows you",
    "analyze": "analyse audio files: table, JSON lines, plot",
    "affect": "what a line of text or a face says about how somebody feels",
    "library": "your music collection: listen to it once, then search, match, map and tag it",
    "labels": "your own words for music: define, teach by example, correct, hand on",
    "models": "list the models, show what is known about them, train your own",
    "presets": "the programs that oscbridge speaks to, explained; presets of your own",
    "monitor": "print any OSC that arrives, readable",
    "request": "ask the host for other music, answer, watch",
    "simulate": "close the loop with simulated players: does the policy keep its rules?",
    "replay": "go through a recorded session once more, or send it again",
    "report": "draw a recorded session: felt, asked for, played; one HTML page",
    "learn": "let a program learn one MIDI control after the other",
    "devices": "list the inputs that oscbridge can listen to",
    "doctor": "what works here, what does not, what mends it",
    "latency": "where the time goes from sound to message",
    "bench": "how fast the live path is on this machine",
    "warmup": "compile now, not at the first start",
}

DESCRIPTION = """\
oscbridge hears what music expresses (valence and arousal, their quadrant, where a new section
begins) and says it over OSC to games, DAWs and VJ software while the music plays."""

EPILOG = """\
start here:
  oscbridge doctor                      does everything work here?
  oscbridge setup                       choose your program and input, step by step
  oscbridge demo                        send a walk through all quadrants to 127.0.0.1:7771
  oscbridge monitor                     (in a second terminal) watch the messages arrive
  oscbridge devices                     which inputs are there?
  oscbridge run --device NAME           listen to one and send
  oscbridge analyze song.flac           what does a file express?

'oscbridge COMMAND --help' explains a command with examples."""


class Parser(argparse.ArgumentParser):
    """An argument parser that complains in one line, as every other error here does."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and exit with status 2."""
        text = f"{self.prog}: {message} (see '{self.prog} --help')"
        print(" ".join(text.split()), file=sys.stderr)
        raise SystemExit(2)


class _StderrHandler(logging.Handler):
    """Writes to what ``sys.stderr`` is now: the live view redirects it while it draws."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the record as one line."""
        print(self.format(record), file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``oscbridge`` with ``argv`` (default: the process's arguments); return the exit status.

    Raises
    ------
    SystemExit
        From ``--help`` and ``--version`` (status 0) and from wrong arguments (status 2).
    """
    words = list(sys.argv[1:] if argv is None else argv)
    standard_streams.prepare()
    ending.ignored_at_exit()
    try:
        with ending.caught(ending.interrupt):
            return _run(words)
    except KeyboardInterrupt as interrupt:
        return KILLED_BY + (interrupt.args[0] if interrupt.args else signal.SIGINT)


def _run(words: list[str]) -> int:
    """Run the command; what goes wrong becomes one line and a status."""
    debug = False
    try:
        parser = build_parser(chosen_command(words))
        args = parser.parse_args(words)
        debug = args.debug
        _install_log_handler(args.verbose, debug=debug)
        if args.command is None:
            parser.print_help()
            return 0
        status = int(args.run(args))
        sys.stdout.flush()
        return status
    except OscbridgeError as error:
        if debug:
            raise
        standard_streams.complain(str(error))
        return 2
    except BrokenPipeError:
        standard_streams.silence_stdout()
        return 0
    except Exception as error:
        if debug:
            raise
        if reason := standard_streams.why_unwritable(error):
            standard_streams.silence_stdout()
            standard_streams.complain(f"the output cannot be written: {reason}.")
            return 2
        standard_streams.complain(
            f"unexpected {type(error).__name__}: {str(error) or 'no reason given'}. This is a "
            "mistake in oscbridge: run the same command with --debug and send us what it prints."
        )
        return 1


def chosen_command(words: Sequence[str]) -> str | None:
    """Find the command among the arguments: the first word that is no option.

    Raises
    ------
    SettingsError
        The word is no command; the message lists the commands.
    """
    word = next((word for word in words if not word.startswith("-")), None)
    if word is None or word in COMMANDS:
        return word
    if word == "help":
        raise SettingsError(
            "there is no command 'help': use 'oscbridge --help' or 'oscbridge COMMAND --help'"
        )
    raise unknown_name("command", word, list(COMMANDS))


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """Build the parser; only ``command`` (if given) is imported and gets its own arguments."""
    parser = Parser(
        prog="oscbridge",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"oscbridge {__version__}")
    _add_common_arguments(parser, verbose=0, debug=False)
    commands = parser.add_subparsers(
        dest="command", title="commands", metavar="COMMAND", parser_class=Parser
    )
    for name, summary in COMMANDS.items():
        if name != command:
            commands.add_parser(name, help=summary, add_help=False)
            continue
        module = importlib.import_module(f"oscbridge.commands.{name}")
        chosen = commands.add_parser(
            name,
            help=summary,
            description=module.DESCRIPTION,
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(chosen)
        # Suppressed defaults: a -v before the command is not overwritten by its absence after it.
        _add_common_arguments(chosen, verbose=argparse.SUPPRESS, debug=argparse.SUPPRESS)
        chosen.set_defaults(run=module.run)
    return parser


def _add_common_arguments(
    parser: argparse.ArgumentParser, *, verbose: int | str, debug: bool | str
) -> None:
    parser.add_argument(
        "-v", "--verbose", action="count", default=verbose, help="say more; twice: everything"
    )
    parser.add_argument(
        "--debug", action="store_true", default=debug, help="show the traceback of an error"
    )


def _install_log_handler(verbose: int, *, debug: bool) -> None:
    handler = _StderrHandler()
    handler.setFormatter(logging.Formatter("oscbridge: %(message)s"))
    root = logging.getLogger("oscbridge")
    root.handlers[:] = [handler]
    root.propagate = False
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    root.setLevel(logging.DEBUG if debug else levels[min(verbose, 2)])


if __name__ == "__main__":
    sys.exit(main())
