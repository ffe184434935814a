"""A heart rate from a web service such as Pulsoid: arousal, never valence.

Conventions
-----------
Opened by ``--sense heart_web``; needs the package websockets (extra ``oscquery``) and an address::

    [sensors.heart_web]
    token = "…"                      # of Pulsoid, scope data:heart_rate:read
    url = "ws://127.0.0.1:3000/hr"   # or any other service, with a token or none

The link is `oscbridge.wire.web_feed`, what is made of it `oscbridge.body.heart`, and what rest is
for this player is learned as in `oscbridge.sensors.heart_rate`.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge.body.own_heart import HeartConfig, HeartSensor
from oscbridge.body.web_rates import rate_of
from oscbridge.errors import MissingExtraError, SettingsError
from oscbridge.wire.web_feed import PACKAGE, WebFeed

if TYPE_CHECKING:
    from oscbridge.sensors.base import Put

PULSOID = "wss://dev.pulsoid.net/api/v1/data/real_time"
EXTRA = "oscquery"


class Config(HeartConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the service."""

    url: Annotated[
        str, msgspec.Meta(pattern="^wss?://", description="a WebSocket, ws://… or wss://…")
    ] = PULSOID
    token: Annotated[
        str, msgspec.Meta(description="the key to your heart rate, sent to url alone")
    ] = ""


class HeartWeb(HeartSensor):
    """A service and the heart that it tells of.

    Parameters
    ----------
    config : Config
        Which one.
    put : Put
        Takes what it says.
    """

    def __init__(self, config: Config, put: Put) -> None:
        super().__init__(put, config.resting_bpm)
        self._service = WebFeed(config.url, config.token, self._take)
        self.name = f"heart rate from {self._service.name}"

    @property
    def detail(self) -> str:
        """The present trouble in words, empty where there is none."""
        return self._service.detail or self._heart.detail

    def close(self) -> None:
        """End the connection; a second call does nothing."""
        self._service.close()

    def _take(self, message: str | bytes) -> None:
        rate = rate_of(message)
        if rate is not None:
            self._heart.take(rate)


def open(config: Config, put: Put) -> HeartWeb:
    """Open the sensor.

    Raises
    ------
    MissingExtraError
        The package websockets is not installed.
    SettingsError
        Pulsoid without a token.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        raise MissingExtraError("a heart rate from the web", PACKAGE, EXTRA)
    if config.url == PULSOID and not config.token:
        raise SettingsError(
            "sensors.heart_web.token is not set: Pulsoid gives you one under "
            "https://pulsoid.net/ui/keys; or set url to another service."
        )
    return HeartWeb(config, put)
