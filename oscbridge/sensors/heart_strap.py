"""A heart rate strap over Bluetooth: arousal, never valence.

Conventions
-----------
Opened by ``--sense heart_strap``; needs the extra ``heart`` (the package bleak). The link is
`oscbridge.body.strap`, what is made of it `oscbridge.body.heart`, and what rest is for this player
is learned as in `oscbridge.sensors.heart_rate`. Straps that tell the times between beats give heart
rate variability after a minute.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.body.own_heart import HeartConfig, HeartSensor
from oscbridge.body.strap import PACKAGE, Radio, Strap
from oscbridge.errors import MissingExtraError

if TYPE_CHECKING:
    from oscbridge.body.measurement import Measurement
    from oscbridge.sensors.base import Put

EXTRA = "heart"


class Config(HeartConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the strap."""

    strap: Annotated[
        str, msgspec.Meta(description="its address or a part of its name; empty: any in reach")
    ] = ""


class HeartStrap(HeartSensor):
    """A strap and the heart under it.

    Parameters
    ----------
    config : Config
        Which one.
    put : Put
        Takes what it says.
    radio : Radio, optional
        By which Bluetooth; default: that of this system.
    """

    def __init__(self, config: Config, put: Put, radio: Radio | None = None) -> None:
        self.name = f"a heart rate strap ({config.strap or 'any'})"
        self._touches = True
        super().__init__(put, config.resting_bpm)
        self._strap = Strap(config.strap, self._take, radio)

    @property
    def detail(self) -> str:
        """The present trouble in words, empty where there is none."""
        if self._strap.detail:
            return self._strap.detail
        return self._heart.detail if self._touches else "the strap does not touch the skin"

    def close(self) -> None:
        """Let the strap go; a second call does nothing."""
        self._strap.close()

    def _take(self, measured: Measurement) -> None:
        self._touches = measured.contact is not False
        self._heart.take(measured.bpm, measured.rr_s, measured.contact)


def open(config: Config, put: Put) -> HeartStrap:
    """Open the sensor. Raises `MissingExtraError` where bleak is not installed."""
    if importlib.util.find_spec(PACKAGE) is None:
        raise MissingExtraError("a heart rate strap", PACKAGE, EXTRA)
    return HeartStrap(config, put)
