"""``oscbridge devices``: what ``--device``, ``--midi-in`` and ``--midi-out`` can choose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from oscbridge.errors import OscbridgeError

if TYPE_CHECKING:
    import argparse

    from oscbridge.midi.records import Ports
    from oscbridge.sources.devices import InputDevice

DESCRIPTION = """\
List the audio inputs of this machine, and the MIDI ports where there is MIDI. An audio input that
records what the computer plays (a monitor, a loop-back device, BlackHole) lets oscbridge hear other
programs; it is marked."""

EXAMPLES = """\
examples:
  oscbridge devices
  oscbridge run --device 3                    by number
  oscbridge run --device "monitor of"         by a part of the name
  oscbridge run --device hw:1 --host-api alsa
  oscbridge run --midi-in "Piano"             a keyboard
  oscbridge run --midi-out "IAC"              what is heard, as MIDI, to another program

To hear what the computer plays:
  Linux     choose 'pulse' or 'pipewire' and, in pavucontrol, the monitor as its source; or use JACK
  macOS     install BlackHole (brew install blackhole-2ch) and play into a multi-output device
  Windows   choose the [Loopback] device of WASAPI, or 'Stereo Mix'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge devices``."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Print all inputs; return 0.

    Raises
    ------
    MissingExtraError
        PyAudio is not installed.
    DeviceError
        The audio system does not answer.
    """
    from oscbridge.sources.capture_link import list_devices

    devices = list_devices()
    if args.json:
        for device in devices:
            print(json.dumps(_as_record(device)))
        ports = _midi_ports()
        for kind, names in (("midi_input", ports.inputs), ("midi_output", ports.outputs)):
            for name in names:
                print(json.dumps({kind: name}))
        return 0
    if devices:
        _print_table(devices)
    else:
        print("There is no audio input. 'oscbridge doctor' says what is missing.")
    ports = _midi_ports()
    if ports.inputs or ports.outputs:
        print()
        _print_ports(ports)
    return 0


def _midi_ports() -> Ports:
    """The MIDI ports; none where MIDI is not installed or does not answer."""
    from oscbridge.midi.child import list_ports
    from oscbridge.midi.records import Ports

    try:
        return list_ports()
    except OscbridgeError:
        return Ports([], [])


def print_midi_ports() -> None:
    """Print all MIDI ports.

    Raises
    ------
    MissingExtraError
        mido or python-rtmidi is not installed.
    DeviceError
        MIDI does not answer.
    """
    from oscbridge.midi.child import list_ports

    _print_ports(list_ports())


def _print_ports(ports: Ports) -> None:
    from oscbridge.readable import printable

    kinds = ("inputs", ports.inputs, "--midi-in"), ("outputs", ports.outputs, "--midi-out")
    for kind, names, option in kinds:
        if not names:
            print(f"There are no MIDI {kind}.")
            continue
        print(f"MIDI {kind}:")
        for name in names:
            print(f"  {printable(name)}")
        print(f"choose one:  oscbridge run {option} NAME")


def _as_record(device: InputDevice) -> dict[str, str | int | bool]:
    return {
        "number": device.index,
        "name": device.name,
        "host_api": device.host_api,
        "channels": device.channels,
        "sample_rate": device.sample_rate,
        "default": device.default,
        "records_output": device.records_output,
    }


def _print_table(devices: list[InputDevice]) -> None:
    from rich.console import Console

    from oscbridge.readable import printable
    from oscbridge.terminal.tables import build_table

    table = build_table(">no", "name", "audio system", ">channels", ">Hz", "")
    for device in devices:
        notes = ("default", device.default), ("hears the computer", device.records_output)
        table.add_row(
            str(device.index),
            printable(device.name),
            device.host_api,
            str(device.channels),
            str(device.sample_rate),
            ", ".join(note for note, applies in notes if applies),
        )
    Console(highlight=False).print(table)
    print("choose one:  oscbridge run --device NUMBER")
