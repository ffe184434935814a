"""Checks of what is around us: sound inputs and servers, MIDI, the network, priority."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
from contextlib import closing
from pathlib import Path

from oscbridge.diagnosis.finding import Finding
from oscbridge.errors import MissingExtraError
from oscbridge.inlets import INLETS
from oscbridge.protocol import PORT_IN, PORT_OUT, SIGNALS
from oscbridge.wire.template import Template

SYSTEM_BUS = Path("/run/dbus/system_bus_socket")
"""Where Linux programs reach BlueZ."""
PROBE_S = 0.5
"""Longest wait for a sound server to take a connection."""


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
        return Finding("sound server", "ok", f"running: {', '.join(running)}")
    return Finding(
        "sound server",
        "limited",
        "neither JACK nor PipeWire nor PulseAudio runs: other programs cannot be heard",
        "systemctl --user start pipewire    or    pulseaudio --start    or    jackd -d alsa",
    )


def _sound_servers() -> dict[str, bool]:
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    jack = Path("/dev/shm").glob(f"jack_*_{os.getuid()}_*")
    given = os.environ.get("PULSE_SERVER", "").removeprefix("unix:")
    return {
        "PulseAudio": _takes_connections(Path(given or runtime / "pulse" / "native")),
        "PipeWire": _takes_connections(runtime / "pipewire-0"),
        "JACK": any(map(_takes_connections, jack)),
    }


def _takes_connections(path: Path) -> bool:
    """Whether a program listens at a socket: one that was killed leaves its socket behind."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        probe.settimeout(PROBE_S)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def check_midi() -> Finding:
    """Does MIDI answer, and can other programs have a port of ours?"""
    from oscbridge.errors import DeviceError
    from oscbridge.midi.backend import LOOPBACK
    from oscbridge.midi.child import list_ports
    from oscbridge.outputs.midi import OUT

    try:
        ports = list_ports()
    except DeviceError as error:
        linux = "sudo modprobe snd-seq    or    jackd -d alsa"
        return Finding("MIDI", "limited", str(error), linux if os.name == "posix" else "")
    found = f"{len(ports.inputs)} inputs, {len(ports.outputs)} outputs"
    if sys.platform == "win32" and not any(name.startswith(OUT) for name in ports.outputs):
        return Finding("MIDI", "limited", found, LOOPBACK.format(name=OUT))
    return Finding("MIDI", "ok", f"{found}: oscbridge run --midi-out sends controls and notes")


def check_camera() -> Finding:
    """Can faces be found, and is there a camera? It is not turned on for that.

    Raises
    ------
    MissingExtraError
        OpenCV is not installed.
    """
    from models.face_finder import FaceError, load_cascade, load_cv2
    from oscbridge.camera.capture import cameras

    try:
        load_cascade("frontalface_alt2")
    except ImportError:
        raise MissingExtraError("a camera", "cv2", "camera") from None
    except FaceError as error:
        detail, _, remedy = str(error).partition(": ")
        return Finding("camera", "limited", detail, remedy)
    found = f"OpenCV {load_cv2().__version__} finds faces"
    there = cameras()
    if sys.platform.startswith("linux") and not there:
        return Finding("camera", "limited", f"{found}, but there is no camera (no /dev/video*)")
    return Finding(
        "camera",
        "ok",
        ", ".join([found, *there]),
        "off unless wanted: oscbridge run --sense camera",
    )


def check_strap() -> Finding:
    """Could a heart rate strap be heard? None is looked for.

    Raises
    ------
    MissingExtraError
        bleak is not installed.
    """
    from oscbridge.body import strap

    if importlib.util.find_spec(strap.PACKAGE) is None:
        raise MissingExtraError("a heart rate strap", strap.PACKAGE, "heart")
    bus = "DBUS_SYSTEM_BUS_ADDRESS" in os.environ or SYSTEM_BUS.exists()
    if sys.platform.startswith("linux") and not bus:
        return Finding("heart rate", "limited", "bleak is there, but no Bluetooth service")
    return Finding(
        "heart rate", "ok", "bleak can look for a strap", "oscbridge run --sense heart_strap"
    )


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
            f"port {PORT_OUT}",
            "ok",
            "free: no program on this machine listens to the default target yet",
            "see what is sent: oscbridge monitor",
        )
    return Finding(f"port {PORT_OUT}", "ok", "a program listens: it receives what oscbridge sends")


def check_osc_in_port() -> Finding:
    """Can others speak to us where they expect us?"""
    name = f"port {PORT_IN}"
    if _port_is_free(PORT_IN):
        return Finding(name, "ok", "free: a run listens there to what others say to it")
    if _answers_ping(PORT_IN):
        return Finding(name, "ok", "oscbridge runs and listens; another run goes 10 or 20 further")
    return Finding(
        name,
        "limited",
        f"another program has it: a run listens at {PORT_IN + 10} or {PORT_IN + 20} instead",
        "end that program, or tell others the port that a run says",
    )


def _answers_ping(port: int) -> bool:
    """Whether an oscbridge listens at a port of this machine."""
    ping = Template(INLETS["ping"].address, "i")
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.settimeout(PROBE_S)
        probe.connect(("127.0.0.1", port))
        try:
            probe.send(ping.pack((1,)))
            return probe.recv(1024).startswith(SIGNALS["pong"].address.encode())
        except OSError:
            return False


def check_priority() -> Finding:
    """Is real-time priority granted? It keeps packets in time on a busy machine."""
    from oscbridge.priority import grants_priority

    if grants_priority():
        return Finding("priority", "ok", "threads that sound waits for get real-time priority")
    if not sys.platform.startswith("linux"):
        return Finding("priority", "limited", "refused: packets may be late on a busy machine")
    return Finding(
        "priority",
        "limited",
        "no real-time priority: packets may be late while the machine is busy",
        'printf "@audio - rtprio 90\\n@audio - memlock unlimited\\n" | '
        "sudo tee /etc/security/limits.d/audio.conf && "
        "sudo usermod -aG audio $USER    (then log in again)",
    )


def _port_is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
