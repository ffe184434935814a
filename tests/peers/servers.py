"""Real sound servers and a real OSC peer, private to a test and gone after it.

Conventions
-----------
Every server has its own name, its own folder and no hardware. What waits polls with a deadline. The
environment that leads to a server is set for the test and inherited by what the test starts.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

DEADLINE_S = 30.0
TONE_HZ = 440.0
_HERE = Path(__file__).parent


def wait_until(condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Poll until ``condition`` holds; fail with ``what`` when it does not in time."""
    end_s = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end_s, f"waited {deadline_s:g} s in vain: {what}"
        time.sleep(0.02)


def answers(*command: str) -> bool:
    """True when a program runs and succeeds."""
    try:
        return subprocess.run(command, capture_output=True, timeout=5).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def end(process: subprocess.Popen) -> None:
    """Kill a process of ours, stopped or not, and wait for it."""
    process.kill()
    process.wait()


def _reserve_name() -> tuple[IO[str], str]:
    """Reserve one of four server names, also against other test runs on this machine.

    JACK keeps eight names, and the name of a killed server until a server of the same name starts:
    a fresh name a test would soon use them up.
    """
    for number in range(4):
        name = f"oscbridge-test{number}"
        lock = (Path(tempfile.gettempdir()) / f"{name}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        return lock, name
    raise AssertionError("four JACK servers of other test runs are at work")


class JackServer:
    """A JACK server with the dummy driver and a device ``loopback``."""

    def __init__(self, log: Path) -> None:
        self._lock, self.name = _reserve_name()
        self._log = log
        self._process: subprocess.Popen | None = None
        self._players: list[subprocess.Popen] = []

    def start(self, sample_rate: int = 48000, *, waits: bool = True) -> None:
        """Start, and wait until clients can connect; the dummy driver keeps time without rights.

        Where it ``waits`` it is synchronous (``-S``): each period waits for its clients. Without
        that a late client costs nothing but the sound: the server, woken for two periods at once,
        hands the first one out twice and drops the second, over and over while the machine is busy,
        with no word about it. With it, two clients that come at once, or one that is killed, stop
        it for seconds: no server for tests in which that is what happens. Periods are longer there,
        so that clients are late more rarely.
        """
        sync, period = ("-S ", 256) if waits else ("", 1024)
        driver = f"-d dummy -r {sample_rate} -p {period} -C 2 -P 2"
        command = f"jackd -n {self.name} -r {sync}-L 2 {driver}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command.split(), stdout=log, stderr=log)
        wait_until(lambda: answers("jack_lsp"), "jackd answers jack_lsp")

    def send(self, number: signal.Signals) -> None:
        """Send the server a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the server and what plays into it."""
        while self._players:
            end(self._players.pop())
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End the server and give its name back."""
        self.kill()
        self._lock.close()

    def play(self, wav: Path) -> None:
        """Play a file into ``loopback``, over and over, from a process of its own."""
        player = subprocess.Popen(
            [sys.executable, str(_HERE / "player.py"), str(wav), "loopback"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._players.append(player)
        assert player.stdout is not None
        assert player.stdout.readline() == b"playing\n"


class PulseServer:
    """A PulseAudio server whose only sink is the null sink ``ob``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen | None = None
        self._players: list[subprocess.Popen] = []

    def start(self) -> None:
        """Start, and wait until it answers."""
        socket = self.folder / "native"
        socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"),
                *("--use-pid-file=no", "-L"),
                f"module-native-protocol-unix socket={socket} auth-anonymous=1",
                *("-L", "module-null-sink sink_name=ob rate=48000 channels=2 norewinds=1"),
            ],
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: answers("pactl", "info"), "pulseaudio answers pactl")

    def kill(self) -> None:
        """End the server and what plays into it."""
        while self._players:
            end(self._players.pop())
        if self._process is not None:
            end(self._process)
            self._process = None

    def play(self, wav: Path) -> None:
        """Play a file into the sink once."""
        self._players.append(subprocess.Popen(["paplay", "--device=ob", str(wav)]))


def write_asound(folder: Path, kind: str) -> Path:
    """Write an ALSA configuration whose default device is of ``kind``; return its path."""
    path = folder / "asound.conf"
    devices = f"pcm.!default {{type {kind}}}\npcm.{kind} {{type {kind}}}\n"
    path.write_text(devices + "ctl.!default {type hw card 0}\n")
    return path


class OscDump:
    """liblo's ``oscdump`` in a network name space of its own, because it binds 0.0.0.0.

    What shall reach it is started with `run_beside`, in the same name space.
    """

    PORT = 7771

    def __init__(self) -> None:
        flags = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
        script = f"ip link set lo up && exec stdbuf -oL oscdump {self.PORT}"
        self._process = subprocess.Popen(
            ["unshare", *flags, "sh", "-c", script], stdout=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self._beside: list[subprocess.Popen] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        wait_until(self._listens, "oscdump listens")

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.lines.append(line.partition(" ")[2].strip())  # without the time tag

    def _listens(self) -> bool:
        assert self._process.poll() is None, "oscdump did not start"
        with contextlib.suppress(OSError):
            sockets = Path(f"/proc/{self._process.pid}/net/udp").read_text()
            return f":{self.PORT:04X} " in sockets
        return False

    def run_beside(self, *command: str) -> subprocess.Popen:
        """Start a program in the name space."""
        flags = ["-n"] if os.geteuid() == 0 else ["-U", "--preserve-credentials", "-n"]
        process = subprocess.Popen(
            ["nsenter", "-t", str(self._process.pid), *flags, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._beside.append(process)
        return process

    def wait_for(self, begin: str, after: int = 0) -> int:
        """Wait for a line that begins so, from line ``after`` on; return its number."""
        position = after

        def heard() -> bool:
            nonlocal position
            while position < len(self.lines):
                if self.lines[position].startswith(begin):
                    return True
                position += 1
            for process in self._beside:
                assert process.poll() is None, process.communicate()
            return False

        wait_until(heard, f"oscdump prints {begin!r}")
        return position

    def values(self, address: str, after: int = 0) -> list[float]:
        """Floats that arrived at an address of one float."""
        begin = f"{address} f "
        return [
            float(line.removeprefix(begin)) for line in self.lines[after:] if line.startswith(begin)
        ]

    def close(self) -> None:
        """End oscdump."""
        end(self._process)
        self._reader.join()
