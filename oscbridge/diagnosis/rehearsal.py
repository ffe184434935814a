"""New settings tried out before they are saved: a run of their own, asked over its port.

Conventions
-----------
A `Rehearsal` is ``oscbridge run`` in a process of its own, with a settings file in a temporary
folder and a port that nobody else has. What it shows comes as `Finding` s: ``ok``, or ``limited``
with the reason and what mends it. Settings with which a run does not even start are an error.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.conversation import Conversation
from oscbridge.diagnosis.finding import Finding
from oscbridge.errors import DeviceError, SettingsError
from oscbridge.own_process import environment, module_arguments
from oscbridge.protocol import HOST, SIGNALS
from oscbridge.wire.template import Template

if TYPE_CHECKING:
    from types import TracebackType

START_S = 900.0
"""A first start compiles, which may take minutes on a slow machine."""
INPUT_S = 8.0
"""How long sound may take to be heard."""
PATTERN_S = 20.0
"""Longest that the test pattern may take; it needs 8 s."""
PROBE_S = 0.1
QUADRANTS = 4
STOP_S = 5.0


class Rehearsal:
    """A run that can be asked; use it in a ``with`` statement.

    Parameters
    ----------
    text : str
        The settings, as they would be saved.

    Raises
    ------
    SettingsError
        A run does not start with them; its own words.
    """

    def __init__(self, text: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="oscbridge-")
        port = _free_port()
        path = Path(self._folder.name) / "settings.toml"
        path.write_text(
            f"{text}\n[port]\nport = {port}\n\n[outputs.oscquery]\nenabled = false\n",
            encoding="utf-8",
        )
        began_s = time.monotonic()
        self._process = subprocess.Popen(
            [
                *(sys.executable, *module_arguments("oscbridge")),
                *("run", "--config", str(path), "--no-view"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment(),
        )
        try:
            self._conversation = self._begin((HOST, port))
            self._conversation.listen("plain")
        except BaseException:
            self._end()
            raise
        self.started = Finding("start", "ok", f"ready after {time.monotonic() - began_s:.1f} s")

    def __enter__(self) -> Rehearsal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._conversation.close()
        self._end()

    def check_input(self) -> Finding:
        """Whether something is heard."""
        state, detail = "starting", ""
        for heard in self._conversation.heard(time.monotonic() + INPUT_S):
            if heard.name == "status":
                state, detail = map(str, heard.arguments)
                if state in ("listening", "speech", "error"):
                    break
        words = ": ".join(filter(None, (state, detail)))
        if state in ("listening", "speech"):
            return Finding("input", "ok", words)
        if state == "error":
            return Finding("input", "limited", words, "oscbridge doctor")
        remedy = "play something; if it stays so, choose another one (oscbridge devices)"
        return Finding("input", "limited", words, remedy)

    def play_pattern(self) -> Finding:
        """Have a walk through the quadrants sent, and see that it is."""
        self._conversation.say("in/test", "quadrants")
        visited: set[object] = set()
        for heard in self._conversation.heard(time.monotonic() + PATTERN_S):
            if heard.name == "quadrant" and heard.arguments[0]:
                visited.add(heard.arguments[0])
            if len(visited) == QUADRANTS:
                return Finding("test pattern", "ok", "was sent, all four quadrants of it")
        return Finding("test pattern", "limited", f"only {len(visited)} of 4 quadrants were sent")

    def _begin(self, address: tuple[str, int]) -> Conversation:
        """Wait for the run to answer."""
        ends_s = time.monotonic() + START_S
        while time.monotonic() < ends_s:
            try:
                return Conversation(address)
            except DeviceError:
                if self._process.poll() is not None:
                    break
        if self._process.poll() is None:
            raise SettingsError(f"oscbridge did not start within {START_S:g} s.")
        _, complaint = self._process.communicate()
        last = (complaint.strip().splitlines() or ["oscbridge ended at once"])[-1]
        raise SettingsError(last.removeprefix("oscbridge: "))

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._folder.cleanup()


def check_target(host: str, port: int, transport: str) -> Finding:
    """Whether a program listens there, as far as that can be seen."""
    where = f"{host}:{port}"
    try:
        answered = _reaches_udp(host, port) if transport == "udp" else _reaches_tcp(host, port)
    except OSError as error:
        return Finding(where, "limited", f"cannot be reached: {error.strerror or error}")
    if answered is None:
        return Finding(where, "ok", "messages leave; another machine does not say who listens")
    if answered:
        return Finding(where, "ok", "a program listens there")
    return Finding(
        where, "limited", "nobody listens there yet", "start the program; oscbridge sends already"
    )


def _reaches_udp(host: str, port: int) -> bool | None:
    """Whether a UDP port is open; None on another machine, which does not tell."""
    heartbeat = SIGNALS["heartbeat"]
    datagram = Template(heartbeat.address, heartbeat.types).pack((0, 0))
    address = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)[0][4]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(PROBE_S)
        probe.connect(address)
        probe.send(datagram)
        try:
            probe.recv(1)
        except TimeoutError:
            return True if str(address[0]).startswith("127.") else None
        except (ConnectionRefusedError, ConnectionResetError):
            return False
    return True


def _reaches_tcp(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1.0):
            return True
    except ConnectionRefusedError:
        return False


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])
