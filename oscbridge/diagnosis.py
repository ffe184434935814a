"""What works on this machine, what does not, and the command that mends it.

Conventions
-----------
`CHECKS` is the list; each check takes nothing and returns a `Finding`. A check may use anything and
must survive everything: what goes wrong inside one is a finding too. ``broken`` means that the main
job (audio in, OSC out) fails, ``limited`` that something optional is not there.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import socket
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from oscbridge.errors import OscbridgeError
from oscbridge.protocol import PORT_IN, PORT_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

Verdict = Literal["ok", "limited", "broken"]

PACKAGES = ("oscbridge", "dsp", "models", "presets")
REINSTALL = "pip install --force-reinstall oscbridge"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a verdict, a sentence, and how to mend it (empty: nothing to mend)."""

    check: str
    verdict: Verdict
    detail: str
    remedy: str = ""


def check_python() -> Finding:
    """Which Python is this, and is it 64 bits wide (numba has no wheels for 32)?"""
    version = platform.python_version()
    detail = f"Python {version} on {platform.system()} {platform.machine()}"
    if sys.maxsize < 2**32:
        return Finding("python", "broken", f"{detail}, 32 bits", "install a 64-bit Python")
    return Finding("python", "ok", detail)


def check_installation() -> Finding:
    """Do the four packages come from one installation, and not from a stray folder?"""
    homes: dict[str, Path] = {}
    for name in PACKAGES:
        module = importlib.import_module(name)
        homes[name] = Path(str(module.__file__)).resolve().parent.parent
    if len(set(homes.values())) == 1:
        return Finding("installation", "ok", f"all four packages in {homes['oscbridge']}")
    listed = ", ".join(f"{name} in {home}" for name, home in homes.items())
    return Finding("installation", "broken", f"packages of different origin: {listed}", REINSTALL)


def check_kernel_cache() -> Finding:
    """Can compiled kernels be kept? Without it, every start compiles them anew."""
    from dsp.jit import CACHE_FOLDER

    try:
        with tempfile.NamedTemporaryFile(dir=CACHE_FOLDER):
            pass
    except OSError as error:
        return Finding(
            "kernel cache",
            "limited",
            f"{CACHE_FOLDER} cannot be written ({error.strerror}): every start takes long",
            "set NUMBA_CACHE_DIR to a folder that you may write to",
        )
    return Finding("kernel cache", "ok", str(CACHE_FOLDER))


def check_analysis() -> Finding:
    """Do kernels, weights and model work together, and how fast? Analyses synthetic sound."""
    import numpy as np

    from dsp.types import AudioBlock
    from oscbridge.analyzer import Analyzer

    sample_rate, seconds = 44_100, 10
    began = time.perf_counter()
    analyzer = Analyzer(sample_rate)
    ready_s = time.perf_counter() - began
    noise = np.random.default_rng(1).standard_normal(sample_rate * seconds)
    samples = (0.1 * noise).astype(np.float32)
    analyzer.push(AudioBlock(samples[:sample_rate], 0, sample_rate))
    began = time.perf_counter()
    for at in range(sample_rate, len(samples), 4096):
        analyzer.push(AudioBlock(samples[at : at + 4096], at, sample_rate))
    factor = (seconds - 1) / (time.perf_counter() - began)
    detail = (
        f"model {analyzer.model_name}@{analyzer.model_digest} verified, kernels ready in "
        f"{ready_s:.1f} s, {factor:.0f} times faster than real time"
    )
    if factor < 4.0:
        return Finding(
            "analysis", "broken", detail, "close other programs: live analysis needs factor 4"
        )
    return Finding("analysis", "ok", detail)


def check_sound_files() -> Finding:
    """Which file formats can be read?"""
    import soundfile

    majors = soundfile.available_formats()
    names = [name for name in ("WAV", "FLAC", "OGG", "MP3") if name in majors]
    if "OGG" in majors and "OPUS" in soundfile.available_subtypes("OGG"):
        names.append("Opus")
    detail = f"reads {', '.join(names)} (libsndfile {soundfile.__libsndfile_version__})"
    if {"MP3", "Opus"} - set(names):
        return Finding(
            "sound files", "limited", detail, "pip install --upgrade --force-reinstall soundfile"
        )
    return Finding("sound files", "ok", detail)


def check_live_input() -> Finding:
    """Is PyAudio there, and does it see an input?"""
    from oscbridge.sources.capture_link import list_devices

    devices = list_devices()
    if not devices:
        return Finding(
            "live input",
            "limited",
            "PyAudio works but there is no input device",
            "connect one, or start a sound server (see 'sound server'), then: oscbridge devices",
        )
    return Finding("live input", "ok", f"{len(devices)} inputs: oscbridge devices lists them")


def check_sound_server() -> Finding:
    """Does JACK, PipeWire or PulseAudio run? They let oscbridge hear other programs."""
    if sys.platform == "darwin":
        return Finding("sound server", "ok", "Core Audio; BlackHole lets other programs be heard")
    if sys.platform == "win32":
        return Finding("sound server", "ok", "WASAPI; its loopback devices hear other programs")
    running = [name for name, runs in _sound_servers().items() if runs]
    if running:
        return Finding("sound server", "ok", f"{' and '.join(running)} answer")
    return Finding(
        "sound server",
        "limited",
        "neither JACK nor PipeWire nor PulseAudio runs: other programs cannot be heard",
        "systemctl --user start pipewire    or    pulseaudio --start    or    jackd -d alsa",
    )


def _sound_servers() -> dict[str, bool]:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    jack = Path("/dev/shm")
    given = os.environ.get("PULSE_SERVER", "").removeprefix("unix:")
    return {
        "PulseAudio": Path(given or runtime / "pulse" / "native").is_socket(),
        "PipeWire": (runtime / "pipewire-0").is_socket(),
        "JACK": jack.is_dir() and any(jack.glob(f"jack_*_{os.getuid()}_*")),
    }


def check_midi() -> Finding:
    """Is there MIDI? (Optional: OSC needs none.)"""
    missing = "pip install 'oscbridge[midi]'"
    try:
        mido: Any = importlib.import_module("mido")
        importlib.import_module("rtmidi")
    except ImportError as error:
        return Finding("MIDI", "limited", f"the package {error.name!r} is not installed", missing)
    try:
        with _quiet_libraries():
            names = [str(name) for name in mido.get_output_names()]
    except (OSError, SystemError, RuntimeError) as error:
        reason = _first_line(error)
        return Finding(
            "MIDI", "limited", f"no MIDI system: {reason}", "sudo modprobe snd-seq    (or use JACK)"
        )
    return Finding("MIDI", "ok", f"{len(names)} outputs: {', '.join(names) or 'none'}")


def check_osc_send() -> Finding:
    """Do packets to this machine arrive? Sends one to itself."""
    with (
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as receiver,
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sender,
    ):
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(1.0)
        sender.sendto(b"doctor", receiver.getsockname())
        try:
            receiver.recv(64)
        except TimeoutError:
            return Finding(
                "OSC",
                "broken",
                "a UDP packet to 127.0.0.1 did not arrive",
                "allow it in the firewall",
            )
    return Finding("OSC", "ok", "UDP packets to 127.0.0.1 arrive")


def check_osc_out_port() -> Finding:
    """Who would receive what we send by default?"""
    if _port_is_free(PORT_OUT):
        return Finding(
            "port 7771",
            "ok",
            "free: no program on this machine listens to the default target yet",
            "see what is sent: oscbridge monitor",
        )
    return Finding("port 7771", "ok", "a program listens: it receives what oscbridge sends")


def check_osc_in_port() -> Finding:
    """Is the port for OSC input free?"""
    if _port_is_free(PORT_IN):
        return Finding("port 7770", "ok", "free for OSC input")
    return Finding(
        "port 7770",
        "limited",
        "busy: another oscbridge runs, or another program has taken the port for OSC input",
        "end it, or see who it is: ss -lunp 'sport = :7770'",
    )


def check_priority() -> Finding:
    """May threads run at real-time priority? Helps against drop-outs on a busy machine."""
    if not hasattr(os, "sched_setscheduler"):
        return Finding("priority", "ok", "the system gives audio threads their priority")
    import resource

    limit = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    if os.geteuid() == 0 or limit != 0:
        return Finding("priority", "ok", "real-time priority is allowed")
    return Finding(
        "priority",
        "limited",
        "no real-time priority: drop-outs are possible while the machine is busy",
        'echo "@audio - rtprio 90" | sudo tee /etc/security/limits.d/audio.conf && '
        "sudo usermod -aG audio $USER    (then log in again)",
    )


def check_plots() -> Finding:
    """Can ``analyze --plot`` draw?"""
    if importlib.util.find_spec("matplotlib") is None:
        return Finding("plots", "limited", "no matplotlib", "pip install 'oscbridge[plot]'")
    return Finding("plots", "ok", "analyze --plot can draw")


CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("python", check_python),
    ("installation", check_installation),
    ("kernel cache", check_kernel_cache),
    ("analysis", check_analysis),
    ("sound files", check_sound_files),
    ("live input", check_live_input),
    ("sound server", check_sound_server),
    ("OSC", check_osc_send),
    ("port 7771", check_osc_out_port),
    ("port 7770", check_osc_in_port),
    ("MIDI", check_midi),
    ("plots", check_plots),
    ("priority", check_priority),
)
ESSENTIAL = frozenset({"python", "installation", "analysis", "OSC"})
"""Checks without which the main job fails; trouble in any other one is a limit."""


def examine(name: str, check: Callable[[], Finding]) -> Finding:
    """Run one check; whatever goes wrong inside becomes its finding."""
    verdict: Verdict = "broken" if name in ESSENTIAL else "limited"
    try:
        return check()
    except OscbridgeError as error:
        sentence, _, remedy = str(error).partition(": install it with  ")
        return Finding(name, verdict, sentence, remedy)
    except ImportError as error:
        return Finding(name, verdict, f"cannot import {error.name}: {error}", REINSTALL)
    except Exception as error:  # noqa: BLE001 (a doctor that falls ill helps nobody)
        return Finding(name, verdict, f"{type(error).__name__}: {_first_line(error)}")


@contextmanager
def _quiet_libraries() -> Generator[None]:
    """Silence what C libraries write to file descriptor 2; the finding says it better."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]


def _port_is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
