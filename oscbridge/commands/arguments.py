"""Types of command-line arguments: text in, checked number out, or a sentence with the range."""

from __future__ import annotations

import argparse
import math

from oscbridge.sources.settings import LONGEST_BLOCK, MOST_CHANNELS, SAMPLE_RATES

_LARGEST = 1e9


def port_number(text: str) -> int:
    """Read a UDP port, 0..65535 (0: any free one)."""
    return _whole(text, 0, 65_535, "a port")


def positive_int(text: str) -> int:
    """Read a whole number of 1 or more."""
    return _whole(text, 1, 2**31 - 1, "a number")


def whole_number(text: str) -> int:
    """Read a whole number of 0 or more."""
    return _whole(text, 0, 2**31 - 1, "a number")


def block_size(text: str) -> int:
    """Read a block size in samples, 1..1048576."""
    return _whole(text, 1, LONGEST_BLOCK, "a block size in samples")


def sample_rate(text: str) -> int:
    """Read a sample rate, 1000..768000 Hz."""
    return _whole(text, *SAMPLE_RATES, "a sample rate in Hz")


def channel_numbers(text: str) -> tuple[int, ...]:
    """Read channel numbers, ``1,2``, counted from 1."""
    return tuple(_whole(part, 1, MOST_CHANNELS, "a channel number") for part in text.split(","))


def positive_seconds(text: str) -> float:
    """Read a time in seconds above 0.

    Raises
    ------
    argparse.ArgumentTypeError
        Not a number, or not above 0.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0.0):
        raise argparse.ArgumentTypeError(f"{text!r} is no time in seconds above 0")
    return value


def seconds_from_zero(text: str) -> float:
    """Read a time in seconds, 0 or more."""
    return _number(text, 0.0, 1e6, "a time in seconds")


def minutes(text: str) -> float:
    """Read a time in minutes, 1 to those of a day."""
    return _number(text, 1.0, 1440.0, "a time in minutes")


def beats_per_minute(text: str) -> float:
    """Read a tempo, 20..400 BPM."""
    return _number(text, 20.0, 400.0, "a tempo in BPM")


def step_in_plane(text: str) -> float:
    """Read the length of a step in the plane of valence and arousal, which is 2 wide and high."""
    return _number(text, 0.01, 3.0, "a step in the plane")


def named_source(text: str) -> tuple[str, str]:
    """Read ``NAME=SOURCE``.

    Raises
    ------
    argparse.ArgumentTypeError
        One of the two is missing.
    """
    name, equals, source = text.partition("=")
    if not (name and equals and source):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=SOURCE, as in drums=drums.wav")
    return name, source


def factor(text: str) -> float:
    """Read a factor on a speed."""
    return _number(text, 0.01, 1000.0, "a factor")


def share(text: str) -> float:
    """Read a number of 0..1."""
    return _number(text, 0.0, 1.0, "a number")


def finite(text: str) -> float:
    """Read a number, neither NaN nor without end."""
    return _number(text, -_LARGEST, _LARGEST, "a number")


def bipolar(text: str) -> float:
    """Read a number of -1..1."""
    return _number(text, -1.0, 1.0, "a number")


def _number(text: str, low: float, high: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:  # NaN is not
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {low:g} to {high:g}")
    return value


def _whole(text: str, low: int, high: int, what: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {low} to {high}")
    return value
