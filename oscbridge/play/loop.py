"""Puts the game together: an ordinary run that hears its sound, and the game that talks with it.

Conventions
-----------
Opened in the order in which mistakes are cheap, and closed in reverse. The run is the one of
``oscbridge run``, with its outputs and its port, but for the source. The game finds it at that port
as any other program would.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from functools import partial
from typing import TYPE_CHECKING, cast

from oscbridge.analyzer import Analyzer
from oscbridge.app import App, open_outputs
from oscbridge.conversation import Conversation
from oscbridge.errors import DeviceError, SettingsError
from oscbridge.hearing.boundary_lag import BOUNDARY_LAGS
from oscbridge.inbound.access import Access
from oscbridge.ledger import input_shares, longest_wait_s
from oscbridge.play.band import Band
from oscbridge.play.game import Game, Rules
from oscbridge.play.journal import Journal
from oscbridge.play.keys import open_keys
from oscbridge.play.lines import JsonLines, Sentences, summary_lines
from oscbridge.play.sound import GameSound
from oscbridge.play.world import FOREST
from oscbridge.profiles.choosing import open_profile
from oscbridge.protocol import HOST
from oscbridge.standard_streams import can_be_drawn_on
from oscbridge.stats import Stats
from oscbridge.stream import Stream
from oscbridge.warmup import prepare_kernels

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.config import Config
    from oscbridge.outputs import osc
    from oscbridge.play.game import View
    from oscbridge.play.loudspeaker_link import LoudspeakerLink
    from oscbridge.profile import Profile


def play(config: Config, *, seconds: float, auto: bool, mute: bool, json: bool) -> int:
    """Play a game.

    Parameters
    ----------
    config : Config
        All settings; the input is the game's own sound.
    seconds : float
        How long.
    auto : bool
        The player walks by itself, as it does where there is no keyboard.
    mute : bool
        Nothing is played on the sound card.
    json : bool
        Records on standard output instead of a picture.

    Returns
    -------
    int
        Exit status; 0 too when a signal ends it.

    Raises
    ------
    OscbridgeError
        Something cannot be opened; nothing stays open.
    """
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as opened:
        access, where = _open_access(config)
        opened.callback(access.close)
        profile, news = open_profile(config)
        opened.callback(profile.close)
        access.receiver.learn_into(profile)
        if news and not json:
            sys.stdout.write(news)
        speaker = None if mute else _open_speaker(opened)
        band = Band(FOREST.quadrant)
        sound = GameSound(band, speaker.hear if speaker else _let_pass)
        app, lag_s = _open_run(config, access, sound, profile, opened)
        keys = None if json else open_keys()
        if keys is not None:
            opened.callback(keys.close)
        view = _open_view((lambda: speaker.words) if speaker else _muted, json=json)
        opened.callback(view.close)
        journal = Journal(lag_s)
        talk = partial(Conversation, where, _osc_settings(config).prefix)
        rules = Rules(seconds, auto or keys is None, config.labels)
        game = Game(talk, band, rules, journal, view, keys, app.stop)
        access.start()
        game.start()
        try:
            status = app.run()
        finally:
            game.stop()
        if game.failure is not None:
            raise game.failure
        opened.close()
        if not json:
            sys.stdout.write("\n".join(["", *summary_lines(journal.summary(0.0)), ""]))
        return status
    return 0


def _open_access(config: Config) -> tuple[Access, tuple[str, int]]:
    """Open the port, without which there is no game, and say where. Raises `OscbridgeError`."""
    if not config.port.enabled:
        raise SettingsError("the game talks with oscbridge over its port: [port] enabled = true.")
    access = Access(config.port, _osc_settings(config).prefix)
    if access.port.number is None:
        access.close()
        raise DeviceError(f"the game has no port to talk to: {access.port.detail}.")
    return access, (HOST, access.port.number)


def _open_run(
    config: Config,
    access: Access,
    sound: GameSound,
    profile: Profile,
    opened: contextlib.ExitStack,
) -> tuple[App, float]:
    """The run that hears the game, and how long after a fade it knows at the latest, seconds."""
    outputs = [
        *open_outputs(config, access.wiring()),
        access.subscribers("", _osc_settings(config).optional),
    ]
    for output in outputs:
        opened.callback(output.close)
    prepare_kernels(config)
    analyzer = Analyzer(
        sound.sample_rate, model=config.analysis.model, segments=config.segments, stats=Stats()
    )
    stream = Stream(config, sound, analyzer, outputs, session=access.session, profile=profile)
    access.join("", stream.dispatcher)
    shares = [*input_shares(sound), *analyzer.latency()]
    lag_s = (
        sum(share.seconds for share in shares)
        + longest_wait_s(config.send.rate_hz)
        + BOUNDARY_LAGS[config.segments.rule].p95_s
        + config.quadrant.dwell_s
    )
    return App([stream]), lag_s


def _open_speaker(opened: contextlib.ExitStack) -> LoudspeakerLink:
    from oscbridge.play.loudspeaker_link import LoudspeakerLink

    speaker = LoudspeakerLink()
    opened.callback(speaker.close)
    return speaker


def _open_view(sound: Callable[[], str], *, json: bool) -> View:
    """The view that fits standard output."""
    if json:
        return JsonLines()
    if can_be_drawn_on(sys.stdout):
        from oscbridge.play.window import LEAST_COLUMNS, LEAST_ROWS, Window

        size = shutil.get_terminal_size()
        if size.columns >= LEAST_COLUMNS and size.lines >= LEAST_ROWS:
            return Window(sound)
    return Sentences()


def _osc_settings(config: Config) -> osc.Config:
    """Settings of OSC, which are there even where the output is off."""
    return cast("osc.Config", config.outputs["osc"])


def _muted() -> str:
    return "muted"


def _let_pass(samples: object) -> None:
    """Play nothing."""
