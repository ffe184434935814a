"""Which source a user means: ``live``, ``demo``, ``none``, ``-`` or a file.

A source's own module is imported only when it is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError
from oscbridge.sources.settings import SourceSettings

if TYPE_CHECKING:
    from oscbridge.sources.base import Source
    from oscbridge.stats import Stats

LIVE = "live"
DEMO = "demo"
NONE = "none"
STANDARD_INPUT = "-"


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
        ``live``, ``demo``, ``none`` (for those who hear a keyboard only), ``-`` (raw samples on
        standard input) or the path of an audio file.
    settings : SourceSettings, optional
        The rest of what can be chosen.
    realtime : bool
        Pace a file or the demo as in real life; False: as fast as the reader reads.
    stats : Stats, optional
        Where the source counts its trouble: ``overflows``, ``device_overflows``, ``reconnects``,
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
        raise SettingsError("the source has no name: give live, demo, none, - or an audio file.")
    if spec == LIVE:
        from oscbridge.sources.live import Live

        return Live(chosen, stats=stats)
    if spec == DEMO:
        from oscbridge.sources.demo import Demo

        return Demo(chosen, realtime=realtime)
    if spec == NONE:
        from oscbridge.sources.none import NoSound

        return NoSound()
    if spec == STANDARD_INPUT:
        from oscbridge.sources.pcm import StandardInput

        return StandardInput(chosen, stats=stats)
    from oscbridge.sources.file import File

    return File(spec, chosen, realtime=realtime, stats=stats)
