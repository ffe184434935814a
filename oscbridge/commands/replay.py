"""``oscbridge replay``: a recorded session once more, compared with itself or sent again."""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import factor, positive_int, seconds_from_zero
from oscbridge.errors import SettingsError

if TYPE_CHECKING:
    import argparse

    from oscbridge.recorded.reader import Passage

DESCRIPTION = """\
Go through a session that 'oscbridge run --record FILE' has kept: what came in then goes through the
same rules again, as fast as it can, and what they say is compared with what was said, bit for bit.
With --to it is sent again instead, at the pace of the session, to try a patch without music,
without a player and as often as you like."""

EXAMPLES = """\
examples:
  oscbridge replay evening.jsonl                        is it as it was? else: the first difference
  oscbridge replay evening.jsonl --audio                the recorded sound is analysed again, too
  oscbridge replay evening.jsonl --to 127.0.0.1:9000    send it again
  oscbridge replay evening.jsonl --to 127.0.0.1:9000 --speed 4 --from 600
  oscbridge replay evening.jsonl --session 2            a file may hold several sessions

Exit status 0: everything is as it was; 1: there is a difference. Format 1 has only what was said:
of such a record there is a report, but no replay. See also: oscbridge report"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge replay``."""
    parser.add_argument("record", type=Path, metavar="SESSION", help="a file of run --record")
    parser.add_argument(
        "--session", type=positive_int, metavar="N", help="which session of it (default: last)"
    )
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    parser.add_argument(
        "--audio", action="store_true", help="analyse the recorded sound again and compare that"
    )
    group = parser.add_argument_group("sending it again")
    group.add_argument(
        "--to", action="extend", nargs="+", metavar="HOST:PORT", help="send OSC there"
    )
    group.add_argument("--preset", metavar="NAME", help="in the words of a host program")
    group.add_argument("--speed", type=factor, metavar="X", help="2: twice as fast")
    group.add_argument(
        "--from",
        dest="from_s",
        type=seconds_from_zero,
        metavar="S",
        help="begin at this second of the session",
    )


def run(args: argparse.Namespace) -> int:
    """Replay; return 0, or 1 where something is said otherwise than it was.

    Raises
    ------
    OscbridgeError
        The file is no record, is damaged or newer than this oscbridge, or cannot be sent; or
        options of comparing and of sending are mixed.
    """
    from oscbridge.recorded.reader import choose_session

    sending = bool(args.to or args.preset)
    passage = choose_session(args.record, args.session)
    _refuse_strangers(args, sending=sending)
    return _send(passage, args) if sending else _compare(passage, args)


def _refuse_strangers(args: argparse.Namespace, *, sending: bool) -> None:
    """Refuse options that would do nothing."""
    if sending:
        given = {"--audio": args.audio, "--json": args.json}
        why = "belongs to comparing; without --to and --preset the session is compared"
    else:
        given = {"--speed": args.speed is not None, "--from": args.from_s is not None}
        why = "belongs to sending it again: say where with --to or --preset"
    for option in (option for option, is_given in given.items() if is_given):
        raise SettingsError(f"{option} {why}.")


def _compare(passage: Passage, args: argparse.Namespace) -> int:
    """Go through it and tell what is otherwise."""
    from oscbridge import __version__
    from oscbridge.offline.progress import progress_bar
    from oscbridge.recorded.replay import replay

    result: dict[str, object] = {
        "file": str(args.record),
        "session": passage.number,
        "recorded_by": passage.head.version,
        "replayed_by": __version__,
        "started": passage.head.started,
    }
    turns = messages = different = 0
    torn = False
    first = ""
    with progress_bar(str(args.record), shown=not args.json) as advance:
        length = passage.stop - passage.start
        for step in replay(passage):
            advance(passage.read, length)
            if torn := step.torn:
                break
            turns += 1
            messages += len(step.recorded)
            if difference := step.difference:
                different += 1
                first = first or f"at {step.turn.time_s:.3f} s: {difference}"
        result |= {"turns": turns, "messages": messages, "different": different, "first": first}
        result["torn"] = torn
        if args.audio:
            result["audio"] = _rehear(passage, args)
    _tell(result, as_json=args.json)
    return int(bool(different) or not _same_sound(result))


def _rehear(passage: Passage, args: argparse.Namespace) -> dict[str, object]:
    """Hear the recorded sound again."""
    from oscbridge.config import Config
    from oscbridge.offline.progress import progress_bar
    from oscbridge.recorded.rehearing import rehear
    from oscbridge.warmup import prepare_kernels

    prepare_kernels(Config())
    with progress_bar(f"{args.record} (sound)", shown=not args.json) as advance:
        return rehear(passage, advance)._asdict()


def _same_sound(result: dict[str, object]) -> bool:
    audio = result.get("audio")
    return not isinstance(audio, dict) or audio["recorded"] == audio["again"]


def _tell(result: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    print(f"session {result['session']} of {result['file']}, {result['started']}")
    count = f"{result['messages']:,} messages of {result['turns']:,} turns"
    if not result["different"]:
        print(f"{count}: said again bit for bit")
    else:
        print(f"{count}: {result['different']:,} turns say something else")
        print(f"first {result['first']}")
        if result["recorded_by"] != result["replayed_by"]:
            print(f"recorded by {result['recorded_by']}, this is {result['replayed_by']}")
    if result["torn"]:
        print("the record breaks off (a crash, a full disk): its last turn is not compared")
    if isinstance(audio := result.get("audio"), dict):
        words = f"{audio['recorded']:,} results of the analysis"
        if audio["recorded"] == audio["again"]:
            print(f"{words}: heard again bit for bit")
        else:
            print(f"{words}: {audio['recorded'] - audio['again']:,} are not heard again")
            print(f"first {audio['missing']}")
        if audio["corrected"]:
            print("corrections of the profile had moved the music: its place is not compared")


def _send(passage: Passage, args: argparse.Namespace) -> int:
    """Send what is said, at the pace at which it was. Raises `SettingsError` beyond its end."""
    from oscbridge.config import load
    from oscbridge.outputs import osc
    from oscbridge.recorded.replay import replay

    config = load(overrides={"outputs.osc.to": args.to, "outputs.osc.preset": args.preset})
    output = osc.open(config.outputs["osc"])  # type: ignore[arg-type]
    speed, from_s = args.speed or 1.0, args.from_s or 0.0
    sent, at_s, began_s = 0, 0.0, math.inf
    try:
        for step in replay(passage):
            at_s = step.turn.time_s
            if at_s < from_s:
                continue
            if math.isinf(began_s):
                began_s = time.monotonic() - at_s / speed
                sys.stderr.write(f"sending to {output.name}; Ctrl-C ends it\n")
            time.sleep(max(began_s + at_s / speed - time.monotonic(), 0.0))
            output.send(step.said)
            sent += len(step.said)
        if at_s < from_s:
            raise SettingsError(
                f"--from {from_s:g}: the last turn of session {passage.number} is at {at_s:.1f} s."
            )
    except KeyboardInterrupt:
        pass
    finally:
        output.close()
    print(f"{sent:,} messages sent again")
    return 0
