"""Writes what the package knows of the protocol, from the tables of oscbridge itself.

Conventions
-----------
Run it from the root of the repository: ``python examples/unity/Tools~/make_signals.py``. It writes
``Runtime/Core/Signals.Table.cs`` and ``Runtime/Core/Words.Table.cs``. Scenes store signals as
numbers, so a signal keeps the number that it has in the file as it lies there, and a new one gets
the next; nothing else of the old file is kept. ``--print`` writes both to standard output instead,
for the test that compares.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from oscbridge.inlets import INLETS, LEASE_S
from oscbridge.protocol import (
    ACKS,
    FAMILIES,
    PORT_IN,
    QUANTISE,
    REASONS,
    SIGNALS,
    STATUS,
    TRANSITIONS,
)
from oscbridge.wire.arguments import DURATION_MAX_S, Arg

CORE = Path(__file__).resolve().parents[1] / "Runtime" / "Core"
SIGNALS_FILE = CORE / "Signals.Table.cs"
WORDS_FILE = CORE / "Words.Table.cs"

NOTE = "// Made by Tools~/make_signals.py from the tables of oscbridge: change those, not this."
WORDS = {
    "Transition": ("How to get to the other music.", TRANSITIONS),
    "Quantise": ("Where it begins.", QUANTISE),
    "Reason": ("Why other music is asked for.", REASONS),
    "Ack": ("What becomes of a request.", ACKS),
    "BridgeState": ("What oscbridge is doing.", STATUS),
}
SPOKEN = {"2bar": "TwoBars", "4bar": "FourBars", "8bar": "EightBars"}


def pascal(name: str) -> str:
    """``norm/valence`` as ``NormValence``."""
    parts = re.split(r"[/_]", name)
    return SPOKEN.get(name) or "".join(part[:1].upper() + part[1:] for part in parts)


def xml(text: str) -> str:
    """Text as a documentation comment may hold it."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def number(value: float) -> str:
    """A float of C#."""
    if abs(value) >= DURATION_MAX_S:
        return "float.MaxValue" if value > 0 else "float.MinValue"
    return f"{value:g}f"


def argument(arg: Arg) -> str:
    """An argument as its constructor call."""
    if arg.type == "s":
        return f"new SignalArgument(\"{arg.name}\", 's', 0f, 0f)"
    return (
        f"new SignalArgument(\"{arg.name}\", '{arg.type}', {number(arg.low)}, {number(arg.high)})"
    )


def numbers() -> dict[str, int]:
    """The number of every signal: the one that it had, or the next."""
    old = SIGNALS_FILE.read_text(encoding="utf-8") if SIGNALS_FILE.exists() else ""
    taken = {
        name: int(digits)
        for name, digits in re.findall(r"^        (\w+) = (\d+),$", old, re.MULTILINE)
    }
    for name in map(pascal, SIGNALS):
        taken.setdefault(name, max(taken.values(), default=0) + 1)
    return taken


def signals_file() -> str:
    """The enumeration of signals and the table of their arguments."""
    taken = numbers()
    lines = [NOTE, "namespace Oscbridge", "{"]
    lines += ["    /// <summary>Everything that oscbridge says.</summary>"]
    lines += ["    public enum Signal", "    {", "        None = 0,"]
    for signal in sorted(SIGNALS.values(), key=lambda signal: taken[pascal(signal.name)]):
        name = pascal(signal.name)
        lines.append(f"        /// <summary>{xml(signal.description)}</summary>")
        lines.append(f"        {name} = {taken[name]},")
    lines += ["    }", "", "    public static partial class Signals", "    {"]
    lines += ["        static SignalInfo[] Table()", "        {"]
    lines += ["            return new[]", "            {"]
    for signal in SIGNALS.values():
        lines.append(
            f'                new SignalInfo(Signal.{pascal(signal.name)}, "{signal.name}",'
        )
        arguments = [f"                    {argument(arg)}" for arg in signal.args]
        lines.append(",\n".join(arguments) + "),")
    lines += ["            };", "        }", "    }", "}"]
    return "\n".join(lines) + "\n"


def words_file() -> str:
    """The enumerated words, the names of inlets, and a few numbers."""
    lines = [NOTE, "namespace Oscbridge", "{"]
    for name, (meaning, words) in WORDS.items():
        lines += [f"    /// <summary>{meaning}</summary>", f"    public enum {name}", "    {"]
        lines += [f"        {pascal(word)} = {index}," for index, word in enumerate(words)]
        lines += ["    }", ""]
    lines += [
        "    /// <summary>The words of the protocol, in the order of their enumerations.</summary>"
    ]
    lines += ["    public static partial class ProtocolWords", "    {"]
    for name, (_, words) in WORDS.items():
        quoted = ", ".join(f'"{word}"' for word in words)
        lines.append(f"        public static readonly string[] {name} = {{ {quoted} }};")
    lines += [
        "    }",
        "",
        "    /// <summary>Signals of which there are as many as the user makes.</summary>",
        "    public static class Family",
        "    {",
    ]
    for family in FAMILIES.values():
        lines.append(f"        /// <summary>{xml(family.description)}</summary>")
        lines.append(f'        public const string {pascal(family.name)} = "{family.name}";')
    lines += [
        "    }",
        "",
        "    /// <summary>What oscbridge can be told: ends of addresses.</summary>",
    ]
    lines += ["    public static class Inlet", "    {"]
    lines += [f"        public const int Port = {PORT_IN};"]
    lines += [f"        public const double LeaseSeconds = {LEASE_S:g};"]
    for inlet in INLETS.values():
        name = pascal(inlet.name.removeprefix("in/"))
        lines.append(f"        /// <summary>{xml(inlet.description)}</summary>")
        lines.append(f'        public const string {name} = "{inlet.name}";')
    return "\n".join([*lines, "    }", "}"]) + "\n"


def main() -> None:
    """Write both files, or print them."""
    if "--print" in sys.argv[1:]:
        sys.stdout.write(signals_file() + words_file())
        return
    SIGNALS_FILE.write_text(signals_file(), encoding="utf-8")
    WORDS_FILE.write_text(words_file(), encoding="utf-8")


if __name__ == "__main__":
    main()
