"""Live sound from an input device, for as long as it takes.

The device is recorded by a process of its own (`oscbridge.sources.capture` says why); this module
takes its frames from the ring that both share, mixes them to mono, and when the device or its sound
server goes away it says so, waits, and takes it up again.

How to let oscbridge hear what the computer plays
-------------------------------------------------
``oscbridge devices`` lists the inputs; those that carry what the computer plays are marked.

Linux with PipeWire or PulseAudio
    Every output has a *monitor* input. ``pactl list short sources`` names them; choose one with
    ``PULSE_SOURCE=<name>.monitor oscbridge run --device pulse`` or, while it runs, on the
    *Recording* page of pavucontrol.
Linux with JACK (or PipeWire's JACK)
    ``oscbridge run --device NAME`` records the client NAME; any other source can be connected to
    the ports of oscbridge with qjackctl, qpwgraph or ``jack_connect``. The server's rate applies.
macOS
    Install BlackHole (2ch), make a *Multi-Output Device* of BlackHole and the speakers in Audio
    MIDI Setup, play to that, and ``oscbridge run --device BlackHole``. The terminal needs the
    permission to use the microphone.
Windows
    ``pip install pyaudiowpatch`` gives every output a WASAPI loop-back input; then
    ``oscbridge run --device Loopback``. Without it: switch on *Stereo Mix* in the sound settings or
    install VB-CABLE, play to *CABLE Input* and choose ``--device "CABLE Output"``.

Conventions
-----------
`Live.read` is called by one thread. The stream keeps the rate with which it was first opened; a
device that comes back with another one is resampled. Time that passed without a device is the next
block's ``gap``.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dsp.resample import Resampler
from dsp.types import AudioBlock
from oscbridge.errors import DeviceError
from oscbridge.sources.base import Awaited, Health
from oscbridge.sources.capture_link import CaptureLink
from oscbridge.sources.mixdown import Mixdown
from oscbridge.sources.records import Audio, Failed, Opened, Record, Request

if TYPE_CHECKING:
    from oscbridge.sources.settings import SourceSettings
    from oscbridge.stats import Stats

OPEN_S = 10.0
"""Longest wait for a device to open."""
RETRY_S = (0.25, 2.0)
"""First and longest pause between attempts to find a lost device."""
LONGEST_BLOCK = 4096
"""Frames that are handed out at once where more wait."""
QUIET_S = 6.0
"""A capture process that says nothing for so long is stuck itself."""


class Live:
    """An input device.

    Parameters
    ----------
    settings : SourceSettings
        Device, host API, channels (counted from 1), rate and block size.
    stats : Stats, optional
        Counts ``overflows``, ``device_overflows``, ``reconnects``, ``nonfinite`` and ``clipped``.

    Attributes
    ----------
    name : str
        The device.
    host_api : str
        The audio system that it belongs to.
    sample_rate : int
        Hz.
    latency_s : float
        Device and block, seconds.
    block_s : float
        Of that the block, seconds.

    Raises
    ------
    DeviceError
        No such device, several that fit, or it refused; the sentence says what exists.
    MissingExtraError
        PyAudio is not installed.
    """

    def __init__(self, settings: SourceSettings, stats: Stats | None = None) -> None:
        self._picked = settings.channels
        self._request = Request(
            device=settings.device,
            host_api=settings.host_api,
            channels=max(settings.channels) if settings.channels else None,
            sample_rate=settings.sample_rate,
            block_size=settings.block_size,
        )
        self._stats = stats
        self._closed = False
        link = CaptureLink(self._request)
        opened = self._await_opening(link)
        self._link: CaptureLink | None = link
        # A number may mean another device after a restart: from now on only this one will do.
        self._request = replace(
            self._request, device=opened.device.name, host_api=opened.device.host_api
        )
        self.name = opened.device.name
        self.host_api = opened.device.host_api
        self.sample_rate = opened.sample_rate
        self.latency_s = opened.latency_s
        self.block_s = opened.block_size / opened.sample_rate
        self._next_start = 0
        self._lost = 0
        self._away = False
        self._trouble = ""
        self._attempts = 0
        self._retry_at_s = 0.0
        self._spoke_s = self._heard_s = time.monotonic()
        self._take_up(link, opened)

    def _await_opening(self, link: CaptureLink) -> Opened:
        record = link.next(OPEN_S)
        if isinstance(record, Opened):
            return record
        link.close()
        if isinstance(record, Failed):
            raise record.error()
        raise DeviceError(f"the input device did not open within {OPEN_S:g} s.")

    def _take_up(self, link: CaptureLink, opened: Opened) -> None:
        """Prepare for the frames of a stream that has just opened."""
        self._opened = opened
        self._ring = link.open_ring(opened)
        self._told: Audio | None = None  # frames wait in the ring
        self._mixdown = Mixdown(
            repr(self.name),
            opened.channels,
            self._picked,
            self._stats,
            max_block=LONGEST_BLOCK,
            rows=self._ring.rows,
        )
        self._resampler: Resampler | None = None
        if opened.sample_rate != self.sample_rate:
            self._resampler = Resampler(opened.sample_rate, self.sample_rate)
        self._device_overflows = 0
        self._trouble = ""
        self._attempts = 0
        self._well = Health(
            True,
            f"{self.name} ({opened.device.host_api}), {opened.sample_rate} Hz,"
            f" {opened.channels} channel(s)",
        )

    @property
    def finished(self) -> bool:
        """Never, until it is closed."""
        return self._closed

    @property
    def health(self) -> Health:
        """Whether the device delivers."""
        if self._trouble:
            return Health(False, f"{self._trouble}; waiting for it to come back")
        return self._well

    @property
    def awaited(self) -> Awaited:
        """Word from the capture process, or the next attempt to find a lost device."""
        link = self._link
        if self._told is not None or self._closed:
            return Awaited(0.0)
        if link is None:
            return Awaited(time.perf_counter() + self._retry_at_s - time.monotonic())
        return Awaited(0.0 if link.fd is None else math.inf, link.fd)

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; None when none came in time. See `oscbridge.sources.base.Source`."""
        deadline_s, remaining_s = time.monotonic() + timeout_s, timeout_s
        while not self._closed:
            link = self._link
            if self._told is None and link is not None:
                self._take(link, link.next(remaining_s))
            if self._told is not None:
                block = self._block_of(self._told)
                if block is not None:
                    return block
            elif link is None:
                self._retry(remaining_s)
            remaining_s = deadline_s - time.monotonic()
            if remaining_s <= 0.0:
                return None
        return None

    def want(self, count: int) -> None:
        """Sleep until there are so many; where rates differ every block is told of."""
        if self._resampler is None:
            self._ring.want(count)

    def _take(self, link: CaptureLink, record: Record | None) -> None:
        """Act on what the capture process said."""
        now_s = time.monotonic()
        if isinstance(record, Audio):
            self._spoke_s = now_s
            self._told = record
        elif record is None:
            longest_s = OPEN_S if self._trouble else QUIET_S
            if now_s - self._spoke_s > longest_s and not self._opened.device.loopback:
                self._lose(f"{self.name!r} is gone: the audio system does not answer")
        elif isinstance(record, Failed):
            self._lose(record.detail)
        elif isinstance(record, Opened):
            self._spoke_s = now_s
            self._take_up(link, record)
            if self._stats is not None:
                self._stats.reconnects += 1

    def _block_of(self, told: Audio) -> AudioBlock | None:
        """Mix, clean and place the next frames of the ring on the time line."""
        samples, lost = self._ring.fetch(self._mixdown.take, LONGEST_BLOCK, told.position)
        arrived_s, rate = told.arrived_s, self._opened.sample_rate
        if len(samples) < LONGEST_BLOCK:
            self._told = None
        else:
            arrived_s -= (told.position - self._ring.position) / rate
        if lost or told.overflows != self._device_overflows:
            self._count_losses(lost, told.overflows)
            self._lost += round(lost * self.sample_rate / rate)
        if self._resampler is not None:
            samples = self._resampler.push(samples)
        if self._away:
            away_s = self._spoke_s - self._heard_s
            self._lost += max(0, round(away_s * self.sample_rate) - len(samples))
            self._away = False
        self._heard_s = self._spoke_s
        if len(samples) == 0:  # a resampler that has only just begun
            return None
        gap, self._lost = self._lost, 0
        start = self._next_start + gap
        self._next_start = start + len(samples)
        return AudioBlock(samples, start, self.sample_rate, gap, arrived_s)

    def _count_losses(self, lost: int, overflows: int) -> None:
        if self._stats is not None:
            self._stats.overflows += lost
            self._stats.device_overflows += overflows - self._device_overflows
        self._device_overflows = overflows

    def _lose(self, why: str) -> None:
        """The stream is dead: let go of it, and try again after a pause that grows."""
        link, self._link = self._link, None
        if link is not None:
            link.close()
        if not self._trouble:  # what later attempts say is only that it is still away
            self._trouble = why.rstrip(".")
        self._away = True
        shortest, longest = RETRY_S
        self._retry_at_s = time.monotonic() + min(shortest * 2**self._attempts, longest)
        self._attempts = min(self._attempts + 1, 8)

    def _retry(self, remaining_s: float) -> None:
        """Wait for the next attempt, or make it."""
        wait_s = self._retry_at_s - time.monotonic()
        if wait_s > 0:
            time.sleep(max(0.0, min(wait_s, remaining_s, 0.05)))
            return
        self._spoke_s = time.monotonic()
        link = CaptureLink(self._request)
        self._link = link
        if self._closed:  # closed meanwhile by another thread
            link.close()

    def close(self) -> None:
        """Let go of the device; a second call does nothing."""
        self._closed = True
        link, self._link = self._link, None
        if link is not None:
            link.close()
