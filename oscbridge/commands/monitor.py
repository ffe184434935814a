"""``oscbridge monitor``: print any OSC that arrives, readable, and explain our own messages.

Conventions
-----------
One line a message: seconds since the monitor started, address, arguments with their names where
the address is ours. Bundles are shown with their time tag and their messages indented below. A
packet that is no OSC is one line too and is counted; nothing that arrives can end the monitor.
``--json`` prints
``{"time_s","from","address","types","args"}`` or ``{"time_s","from","malformed"}`` instead.
"""

from __future__ import annotations

import errno
import json
import math
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

from oscbridge.errors import DeviceError
from oscbridge.protocol import PORT_OUT, signal_at
from oscbridge.wire.packet import Argument, OscBundle, OscMessage, PacketError, read_packet

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from oscbridge.protocol import Signal

MAX_DATAGRAM = 65_535
POLL_S = 0.2
"""How often the monitor looks up from the socket to see whether it should end."""

DESCRIPTION = """\
Print every OSC message that arrives on a UDP port, one line each, with the names of the arguments
where the message is ours. Shows what another program would receive."""

EXAMPLES = """\
examples:
  oscbridge monitor                       what 'oscbridge demo' and 'run' send (port 7771)
  oscbridge monitor 9000 --lan            what other machines send here to port 9000
  oscbridge monitor --only /oscbridge/segment
  oscbridge monitor --seconds 10 --json > packets.jsonl

Only one program can listen on a port. If a game or DAW already listens on 7771, send to both:
  oscbridge run --to 127.0.0.1:7771 --to 127.0.0.1:7781     and     oscbridge monitor 7781"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge monitor``."""
    from oscbridge.commands.arguments import port_number, positive_int, positive_seconds

    parser.add_argument(
        "port",
        nargs="?",
        type=port_number,
        default=PORT_OUT,
        metavar="PORT",
        help=f"UDP port to listen on (default {PORT_OUT}; 0: any free one)",
    )
    parser.add_argument(
        "--lan", action="store_true", help="listen to other machines too, not only to this one"
    )
    parser.add_argument("--only", metavar="PREFIX", default="", help="show addresses that begin so")
    parser.add_argument("--count", type=positive_int, metavar="N", help="end after N messages")
    parser.add_argument("--seconds", type=positive_seconds, metavar="S", help="end after S seconds")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Listen and print until the count, the time or Ctrl-C; return 0.

    Raises
    ------
    DeviceError
        The port is busy or may not be opened.
    """
    host = "0.0.0.0" if args.lan else "127.0.0.1"
    with open_port(host, args.port) as listener:
        port = listener.getsockname()[1]
        printer = JsonPrinter() if args.json else LinePrinter()
        tell(f"listening for OSC on {host}:{port} (Ctrl-C ends)")
        shown = malformed = 0
        addresses: set[str] = set()
        try:
            for time_s, sender, data in _datagrams(listener, args.seconds):
                try:
                    packet = read_packet(data)
                except PacketError as error:
                    malformed += 1
                    printer.malformed(time_s, sender, error)
                    continue
                messages = _selected(packet, args.only)
                if not messages:
                    continue
                if args.count is not None:
                    messages = messages[: args.count - shown]
                printer.packet(time_s, sender, packet, messages)
                shown += len(messages)
                addresses.update(message.address for message in messages)
                if shown == args.count:
                    break
        except KeyboardInterrupt:
            pass
    tell(f"{shown} messages to {len(addresses)} addresses, {malformed} malformed packets")
    return 0


def tell(sentence: str) -> None:
    """Say something on standard error, where it does not mix with what arrives."""
    print(f"oscbridge: {sentence}", file=sys.stderr, flush=True)


def open_port(host: str, port: int) -> socket.socket:
    """Open a UDP socket that listens on ``host:port``.

    Raises
    ------
    DeviceError
        The port is busy, needs more rights, or the address is not of this machine.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        listener.bind((host, port))
        listener.settimeout(POLL_S)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise DeviceError(
                f"UDP port {port} is busy: another program already listens there. Choose "
                "another one, for example  oscbridge monitor 7781, and send to it as well with  "
                "--to 127.0.0.1:7781"
            ) from None
        if error.errno in (errno.EACCES, errno.EPERM):
            raise DeviceError(
                f"UDP port {port} may not be opened here: choose one above 1023"
            ) from None
        raise DeviceError(f"UDP port {port} cannot be opened on {host}: {error.strerror}") from None
    return listener


def _datagrams(
    listener: socket.socket, seconds: float | None
) -> Iterator[tuple[float, tuple[str, int], bytes]]:
    """Yield (seconds since the start, sender, bytes) until the time is over."""
    began = time.monotonic()
    while seconds is None or time.monotonic() - began < seconds:
        try:
            data, sender = listener.recvfrom(MAX_DATAGRAM)
        except TimeoutError:
            continue
        except ConnectionResetError:
            continue  # Windows reports an unreachable peer on the next receive
        yield time.monotonic() - began, sender, data


def _selected(packet: OscMessage | OscBundle, prefix: str) -> list[OscMessage]:
    messages = packet.messages() if isinstance(packet, OscBundle) else (packet,)
    return [message for message in messages if message.address.startswith(prefix)]


class JsonPrinter:
    """Prints for programs: one JSON object a line, flushed at once."""

    def packet(
        self,
        time_s: float,
        sender: tuple[str, int],
        packet: OscMessage | OscBundle,
        messages: list[OscMessage],
    ) -> None:
        """Print the messages of one packet."""
        for message in messages:
            line: dict[str, Any] = {"time_s": round(time_s, 6), "from": _peer(sender)}
            if isinstance(packet, OscBundle):
                line["bundle"] = packet.unix_s
            line |= {
                "address": message.address,
                "types": message.types,
                "args": [_json_value(value) for value in message.arguments],
            }
            print(json.dumps(line), flush=True)

    def malformed(self, time_s: float, sender: tuple[str, int], error: PacketError) -> None:
        """Print what is wrong with a packet."""
        line = {"time_s": round(time_s, 6), "from": _peer(sender), "malformed": str(error)}
        print(json.dumps(line), flush=True)


class LinePrinter:
    """Prints for people: aligned, argument names and a word of explanation for our own messages."""

    def __init__(self) -> None:
        self._explained: set[str] = set()
        self._dim, self._plain = _styles()

    def packet(
        self,
        time_s: float,
        sender: tuple[str, int],
        packet: OscMessage | OscBundle,
        messages: list[OscMessage],
    ) -> None:
        """Print the messages of one packet."""
        if isinstance(packet, OscBundle):
            when = packet.unix_s
            tag = "now" if when is None else time.strftime("%H:%M:%S", time.localtime(when))
            print(f"{time_s:9.3f}  bundle of {len(messages)} for {tag}", flush=True)
        for message in messages:
            signal = signal_at(message.address)
            if signal is not None and signal.address not in self._explained:
                self._explained.add(signal.address)
                print(f"{self._dim}{'':9}  # {signal.address}: {explain(signal)}{self._plain}")
            indent = "    " if isinstance(packet, OscBundle) else "  "
            address = printable(message.address)
            arguments = describe_arguments(message, signal)
            print(f"{time_s:9.3f}{indent}{address:<34} {arguments}".rstrip(), flush=True)

    def malformed(self, time_s: float, sender: tuple[str, int], error: PacketError) -> None:
        """Print what is wrong with a packet."""
        reason = printable(str(error))
        print(f"{time_s:9.3f}  not OSC, from {_peer(sender)}: {reason}", flush=True)


def explain(signal: Signal) -> str:
    """Describe one of our signals in a phrase: meaning, range and unit."""
    text = signal.description
    if len(signal.args) == 1 and signal.range is not None:
        text += f" ({signal.range[0]:g} to {signal.range[1]:g})"
    return text


def describe_arguments(message: OscMessage, signal: Signal | None) -> str:
    """Write the arguments with their names where they are known and fit."""
    values = [readable(value) for value in message.arguments]
    if signal is None or len(signal.args) != len(values) or len(values) < 2:
        return "  ".join(values)
    named = zip(signal.args, values, strict=True)
    return "  ".join(f"{arg.name}={value}" for arg, value in named)


def readable(value: Argument) -> str:
    """Write one argument for people: floats short, texts quoted, blobs by size."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        return f"{value:.4f}" if math.isfinite(value) and abs(value) < 1e6 else f"{value:g}"
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, list):
        return "[" + " ".join(readable(item) for item in value) + "]"
    return str(value)


def printable(text: str) -> str:
    """Escape what could move the cursor or ring the bell: texts from the network are not ours."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _peer(sender: tuple[str, int]) -> str:
    return f"{sender[0]}:{sender[1]}"


def _json_value(value: Argument) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, bytes):
        return {"blob": value.hex()}
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    return value


def _styles() -> tuple[str, str]:
    """ANSI codes for dim and plain, empty where the output is no terminal or colour is unwanted."""
    import os

    if sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb":
        return "\x1b[2m", "\x1b[0m"
    return "", ""
