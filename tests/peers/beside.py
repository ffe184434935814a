"""A network name space of a test's own, for programs that listen on every address.

Conventions
-----------
`Namespace.run` starts a program in it, `Namespace.courier` a `Courier`, through which the test
talks to the program as oscbridge would: a preset's own bytes go in, what comes out is read by
python-osc.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from signal import SIGKILL

from pythonosc.osc_packet import OscPacket

from oscbridge.inbound.translation import Said, Translation
from oscbridge.mapping import Mapping, load_preset
from oscbridge.protocol import Message
from oscbridge.wire.template import Template
from tests.peers.servers import end, wait_until

PORT = 7770
_COURIER = Path(__file__).with_name("courier.py")


class Namespace:
    """A name space with a loop-back device, and the programs in it."""

    def __init__(self) -> None:
        root = os.geteuid() == 0
        flags = ["-n"] if root else ["-r", "-n"]
        self._enter = ["-n"] if root else ["-U", "--preserve-credentials", "-n"]
        self._keeper = subprocess.Popen(
            ["unshare", *flags, "sh", "-c", "ip link set lo up && echo up && exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._keeper.stdout is not None
        assert self._keeper.stdout.readline() == "up\n"
        self._programs: list[Program] = []

    def run(self, *command: str, env: dict[str, str] | None = None) -> Program:
        """Start a program in the name space."""
        program = Program(
            ["nsenter", "-t", str(self._keeper.pid), *self._enter, *command],
            {**os.environ, **(env or {})},
        )
        self._programs.append(program)
        return program

    def listens(self, port: int) -> bool:
        """Whether somebody listens on a UDP port in there."""
        sockets = Path(f"/proc/{self._keeper.pid}/net/udp").read_text(encoding="ascii")
        return f":{port:04X} " in sockets

    def courier(self, preset: str) -> Courier:
        """Start a courier that speaks the words of a preset."""
        target = load_preset(preset).target.port
        program = self.run(sys.executable, str(_COURIER), str(PORT), str(target))
        return Courier(program, preset)

    def close(self) -> None:
        """End all programs."""
        for program in reversed(self._programs):
            program.close()
        end(self._keeper)
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            assert pipe is not None
            pipe.close()


class Program:
    """A program in the name space, and the lines that it prints."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))

    def write(self, line: str) -> None:
        """Give it a line to read."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def wait_for(self, text: str) -> str:
        """Wait for a line that contains ``text``; return it."""
        try:
            wait_until(lambda: self._has(text), f"{text!r} is printed")
        except AssertionError as vain:
            raise AssertionError("\n".join([str(vain), "printed:", *self.lines[-20:]])) from None
        return next(line for line in self.lines if text in line)

    def _has(self, text: str) -> bool:
        if any(text in line for line in self.lines):
            return True
        assert self._process.poll() is None, "\n".join(self.lines[-20:])
        return False

    def close(self) -> None:
        """End it, and what it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, SIGKILL)
        end(self._process)
        self._reader.join()
        assert self._process.stdin is not None
        self._process.stdin.close()


class Courier:
    """Says what a preset says, hears what comes back, and reads it twice."""

    def __init__(self, program: Program, preset: str) -> None:
        self._program = program
        self._translation = Translation(load_preset(preset))
        self._mapping = Mapping(load_preset(preset))
        program.wait_for("ready")

    def connect(self) -> None:
        """Say what the preset says first of all."""
        self.send(self._mapping.connect(PORT))

    def say(self, *messages: Message) -> None:
        """Say our messages in the words of the preset."""
        self.send(self._mapping.apply(messages))

    def send(self, messages: Sequence[Message]) -> None:
        """Send messages as they are."""
        for signal, args in messages:
            packed = bytes(Template(signal.address, signal.types).pack(args))
            self._program.write(packed.hex())

    @property
    def heard(self) -> list[tuple[str, tuple[object, ...]]]:
        """All that came back: address and arguments."""
        found: list[tuple[str, tuple[object, ...]]] = []
        for line in self._program.lines[1:]:
            packet = OscPacket(bytes.fromhex(line))
            found += [(m.message.address, tuple(m.message.params)) for m in packet.messages]
        return found

    @property
    def understood(self) -> list[Said]:
        """All that came back, in our words."""
        return [
            said
            for address, arguments in self.heard
            for said in self._translation.apply(address, arguments)  # type: ignore[arg-type]
        ]

    def wait_for(self, condition: Callable[[Courier], bool], what: str) -> None:
        """Wait until what came back fulfils a condition."""
        wait_until(lambda: condition(self), what)
