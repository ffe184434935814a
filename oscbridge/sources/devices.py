"""Input devices: what there is, and which one a user means.

Conventions
-----------
A device is chosen by its number, its exact name, or a part of its name (case does not matter). What
is missing or ambiguous is an error that lists what exists: nothing is guessed, because an audio
system that is asked for a device that is not there may hand out silence.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from oscbridge.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

HOST_API_ORDER = (
    "Windows WASAPI",
    "Core Audio",
    "JACK Audio Connection Kit",
    "ALSA",
    "Windows DirectSound",
    "MME",
    "Windows WDM-KS",
    "OSS",
)
"""Best first: which entry is meant where one device is listed by several audio systems."""

_MME_NAME_LENGTH = 31
_MONITOR_WORDS = ("monitor", "loopback", "blackhole", "soundflower", "stereo mix", "cable output")


class InputDevice(msgspec.Struct, frozen=True):
    """An input that the audio system offers.

    Attributes
    ----------
    index : int
        The number by which it can be chosen.
    name, host_api : str
        What the audio system calls the device, and itself.
    channels : int
        Most channels that can be recorded.
    sample_rate : int
        The device's own rate, Hz.
    default : bool
        True for the input that is used when none is chosen.
    host_default : bool
        True for the default input of its audio system.
    loopback : bool
        True where the audio system itself says that this input records what an output plays.
    """

    index: int
    name: str
    host_api: str
    channels: int
    sample_rate: int
    default: bool = False
    host_default: bool = False
    loopback: bool = False

    @property
    def records_output(self) -> bool:
        """True when this input probably carries what the computer plays."""
        return self.loopback or any(word in self.name.lower() for word in _MONITOR_WORDS)


def choose_device(
    devices: Sequence[InputDevice], wanted: str | int | None, host_api: str | None = None
) -> InputDevice:
    """Find the device that a user means.

    Parameters
    ----------
    devices : sequence of InputDevice
        What there is.
    wanted : str, int or None
        Number, exact name or part of a name; None: the default.
    host_api : str, optional
        Look only at the audio system whose name contains this.

    Returns
    -------
    InputDevice

    Raises
    ------
    DeviceError
        No such device or audio system, or several devices fit; the sentence lists them.
    """
    if not devices:
        raise DeviceError(
            "there is no audio input here: plug one in or start the sound server"
            " ('oscbridge doctor' says what is missing)."
        )
    among = _of_host_api(devices, host_api)
    if wanted is None or wanted == "":
        return _default_of(among, host_api)
    if isinstance(wanted, int) or wanted.strip().isdecimal():
        number = int(wanted)
        for device in among:
            if device.index == number:
                return device
        if isinstance(wanted, int):
            raise DeviceError(f"no input device {number}. There are: {describe(among)}.")
    return _named(among, str(wanted))


def describe(devices: Sequence[InputDevice]) -> str:
    """One line that lists devices: ``0 'Built-in' (Core Audio), 2 …``."""
    return ", ".join(
        f"{d.index} {json.dumps(d.name, ensure_ascii=False)} ({d.host_api})" for d in devices
    )


def _of_host_api(devices: Sequence[InputDevice], host_api: str | None) -> list[InputDevice]:
    if not host_api:
        return list(devices)
    among = [d for d in devices if host_api.lower() in d.host_api.lower()]
    if not among:
        known = ", ".join(sorted({d.host_api for d in devices}))
        raise DeviceError(f"no audio system {host_api!r} has an input. There are: {known}.")
    return among


def _default_of(devices: Sequence[InputDevice], host_api: str | None) -> InputDevice:
    for device in devices:
        if device.default or (host_api and device.host_default):
            return device
    for device in devices:
        if device.host_default:
            return device
    raise DeviceError(
        f"no input is set as the default: choose one with --device. There are: {describe(devices)}."
    )


def _named(devices: Sequence[InputDevice], name: str) -> InputDevice:
    """Exact name, else the same without regard to case, else a part of the name."""
    key = name.casefold()
    found = (
        [d for d in devices if d.name == name]
        or [d for d in devices if d.name.casefold() == key]
        or [d for d in devices if key in d.name.casefold()]
    )
    if not found:
        raise DeviceError(f"no input device {name!r}. There are: {describe(devices)}.")
    if len({d.name[:_MME_NAME_LENGTH] for d in found}) > 1 or len(
        {d.host_api for d in found}
    ) < len(found):
        raise DeviceError(
            f"{name!r} fits {len(found)} input devices: {describe(found)}."
            " Give the number or the whole name."
        )
    return min(found, key=_host_api_rank)


def _host_api_rank(device: InputDevice) -> int:
    try:
        return HOST_API_ORDER.index(device.host_api)
    except ValueError:
        return len(HOST_API_ORDER)
