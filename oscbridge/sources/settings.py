"""What a user may choose about the input: ``[source]`` and ``[keyboard]`` of a settings file.

Conventions
-----------
The limits stand here once; the command line and the sources take them from here. Channels are
counted from 1, as people count them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

SAMPLE_RATES = (1_000, 768_000)
"""Lowest and highest sample rate that is taken for one, Hz."""
MOST_CHANNELS = 256
LONGEST_BLOCK = 1 << 20
SECTION_S = 8.0
"""Length of a section of the demo where nobody chose: time to hear, to decide and to show it."""

SampleRate = Annotated[int, msgspec.Meta(ge=SAMPLE_RATES[0], le=SAMPLE_RATES[1])]
ChannelNumber = Annotated[int, msgspec.Meta(ge=1, le=MOST_CHANNELS)]


class KeyboardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A performer's keyboard, heard beside the sound or, with the input ``none``, alone.

    Attributes
    ----------
    port : str, optional
        Name of the MIDI input, or a part of it. Default: no keyboard.
    """

    port: Annotated[str, msgspec.Meta(min_length=1, description="MIDI input")] | None = None


class SourceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all sources can be told.

    Attributes
    ----------
    device : str or int, optional
        Live: number, name or a part of the name of the input device; default: the system's.
    host_api : str, optional
        Live: audio system to look for the device in, by a part of its name (``"jack"``).
    channels : tuple of int, optional
        Live, file and ``-``: channels to mix, counted from 1. Default: all of a file, the first two
        of a device.
    sample_rate : int, optional
        Live: rate to ask the device for, Hz (default: the device's own). ``-``: rate of the samples
        (default 44100).
    block_size : int, optional
        Samples per block.
    pcm_format : {"s16le", "f32le"}
        ``-``: how a sample is written.
    pcm_channels : int
        ``-``: interleaved channels.
    section_s : float
        Demo: seconds of each quadrant.
    seed : int
        Demo: another number, other melodies.
    """

    device: str | int | None = None
    host_api: str | None = None
    channels: tuple[ChannelNumber, ...] | None = None
    sample_rate: SampleRate | None = None
    block_size: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_BLOCK)] | None = None
    pcm_format: Literal["s16le", "f32le"] = "s16le"
    pcm_channels: Annotated[int, msgspec.Meta(ge=1, le=MOST_CHANNELS)] = 2
    section_s: Annotated[float, msgspec.Meta(ge=1.0, le=600.0)] = SECTION_S
    seed: int = 0
