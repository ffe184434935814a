"""Which source a user means: ``live``, ``demo``, ``-`` or a file.

One function, `open_source`, and the settings that all sources share. A source's own module is
imported only when it is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from oscbridge.errors import SettingsError

if TYPE_CHECKING:
    from oscbridge.sources.base import Source
    from oscbridge.stats import Stats

LIVE = "live"
DEMO = "demo"
STANDARD_INPUT = "-"

SampleRate = Annotated[int, msgspec.Meta(ge=1_000, le=768_000)]
ChannelNumber = Annotated[int, msgspec.Meta(ge=1, le=256)]


class SourceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a user may choose about the input; the table ``[source]`` of a settings file.

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
    block_size: Annotated[int, msgspec.Meta(ge=1, le=1 << 20)] | None = None
    pcm_format: Literal["s16le", "f32le"] = "s16le"
    pcm_channels: Annotated[int, msgspec.Meta(ge=1, le=256)] = 2
    section_s: Annotated[float, msgspec.Meta(ge=1.0, le=600.0)] = 8.0
    seed: int = 0


def open_source(
    spec: str,
    settings: SourceSettings | None = None,
    *,
    realtime: bool = True,
    stats: Stats | None = None,
) -> Source:
    """Open the source that ``spec`` names.

    Parameters
    ----------
    spec : str
        ``live``, ``demo``, ``-`` (raw samples on standard input) or the path of an audio file.
    settings : SourceSettings, optional
        The rest of what can be chosen.
    realtime : bool
        Pace a file or the demo as in real life; False: as fast as the reader reads.
    stats : Stats, optional
        Where the source counts its trouble: ``overflows``, ``device_glitches``, ``reconnects``,
        ``nonfinite``, ``clipped``.

    Returns
    -------
    Source
        Open and ready to be read.

    Raises
    ------
    InputError
        A file that is missing, unreadable or not audio; standard input that is a terminal.
    DeviceError
        An input device that is missing, ambiguous or refused to open.
    SettingsError
        An option that does not fit the source.
    MissingExtraError
        Live input without the package that it needs.
    """
    chosen = settings or SourceSettings()
    if spec != LIVE and (chosen.device is not None or chosen.host_api is not None):
        raise SettingsError(f"a device can only be chosen for live input, not for --source {spec}.")
    if not spec:
        raise SettingsError("the source has no name: give live, demo, - or an audio file.")
    if spec == LIVE:
        from oscbridge.sources.live import Live

        return Live(chosen, stats=stats)
    if spec == DEMO:
        from oscbridge.sources.demo import Demo

        return Demo(chosen, realtime=realtime)
    if spec == STANDARD_INPUT:
        from oscbridge.sources.pcm import StandardInput

        return StandardInput(chosen, stats=stats)
    from oscbridge.sources.file import File

    return File(spec, chosen, realtime=realtime, stats=stats)
