"""OSC packets as people and programs read them: what ``oscbridge monitor`` prints.

Conventions
-----------
For people one line a message: seconds since the monitor started, address, arguments with their
names where the address is ours. Bundles are shown with their time tag and their messages indented
below. For programs one JSON object a message, ``{"time_s", "from", "address", "types", "args"}``
(with ``"bundle"``, its time tag, where it came in one), or ``{"time_s", "from", "malformed"}``.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from oscbridge.protocol import signal_at
from oscbridge.readable import printable
from oscbridge.wire.packet import OscBundle

if TYPE_CHECKING:
    from oscbridge.protocol import Signal
    from oscbridge.wire.packet import Argument, OscMessage, PacketError


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
    values = [argument_text(value) for value in message.arguments]
    if signal is None or len(signal.args) != len(values) or len(values) < 2:
        return "  ".join(values)
    named = zip(signal.args, values, strict=True)
    return "  ".join(f"{arg.name}={value}" for arg, value in named)


def argument_text(value: Argument) -> str:
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
        return "[" + " ".join(argument_text(item) for item in value) + "]"
    return str(value)


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
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb":
        return "\x1b[2m", "\x1b[0m"
    return "", ""
