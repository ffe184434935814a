"""``oscbridge monitor``: print any OSC that arrives, readable, and explain our own messages.

How a packet is shown is the affair of `oscbridge.terminal.packets`. One that is no OSC is shown and
counted; nothing that arrives can end the monitor.
"""

from __future__ import annotations

import errno
import socket
import sys
import time
from typing import TYPE_CHECKING

from oscbridge.errors import DeviceError
from oscbridge.protocol import PORT_OUT
from oscbridge.terminal.packets import JsonPrinter, LinePrinter
from oscbridge.wire.packet import OscBundle, OscMessage, PacketError, read_packet

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

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
