"""One live session for people at a terminal: open everything, show it, run it.

Conventions
-----------
Opened in the order in which mistakes are cheap: outputs (a wrong preset or target), keyboard,
source, kernels; a device, which cannot wait, comes after the kernels. What was opened is closed
again when something later cannot be opened.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from functools import partial
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from oscbridge import sensors as sensor_modules
from oscbridge.analyzer import Analyzer
from oscbridge.app import App, open_outputs
from oscbridge.dashboard.introduction import about_stream
from oscbridge.errors import SettingsError
from oscbridge.hearing.deaf import DeafAnalyzer
from oscbridge.inbound.access import Access
from oscbridge.inbound.port import is_this_machine
from oscbridge.inbound.subscribers import Subscribers
from oscbridge.library.suggesting import Suggester, SuggestionOutput
from oscbridge.outputs import osc
from oscbridge.outputs.dashboard import DashboardOutput
from oscbridge.profiles.choosing import open_profile
from oscbridge.sources.select import LIVE, NONE, open_source
from oscbridge.stats import Stats
from oscbridge.stream import Stream
from oscbridge.stream_settings import divide
from oscbridge.terminal.view import open_view
from oscbridge.warmup import kernels_are_compiled, prepare_kernels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsp.types import FeatureFrames
    from oscbridge.config import Config
    from oscbridge.hearing.keyboard import KeyInput
    from oscbridge.outputs.base import Output
    from oscbridge.sensors.base import Sensor
    from oscbridge.snapshot import Snapshot
    from oscbridge.sources.base import Source
    from oscbridge.stream import Analysis


def run_session(
    config: Config, *, seconds: float | None = None, view: str = "auto", hint: str = ""
) -> int:
    """Run the bridge until its source ends, a signal comes or ``seconds`` have passed.

    Parameters
    ----------
    config : Config
        All settings.
    seconds : float, optional
        Longest duration.
    view : {"auto", "plain", "none"}
        How to show it: a moving picture on a terminal, lines, or nothing.
    hint : str
        What else to tell before it starts.

    Returns
    -------
    int
        Exit status; 0 too when a signal ends it before it has begun.

    Raises
    ------
    OscbridgeError
        Something cannot be opened; nothing stays open.
    """
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as opened:
        config = _for_the_network(config)
        parts = divide(config)
        access = Access(config.port, _osc_settings(config).prefix, tuple(parts))
        opened.callback(access.close)
        profile, news = open_profile(config)
        opened.callback(profile.close)
        access.receiver.learn_into(profile)
        sensors = _open_sensors(config, access, opened)
        outputs = {name: _open_outputs(part, access, name, opened) for name, part in parts.items()}
        suggester = Suggester(config.library, config.analysis.model)
        opened.callback(suggester.close)
        keys = _open_keyboard(config)
        if keys is not None:
            opened.callback(keys.close)
        streams: list[Stream] = []
        observers: list[Callable[[Snapshot], None]] = []
        titles: dict[str, str] = {}
        for name, (sound, stats) in _open_sources(parts, opened).items():
            page = _page_among(outputs[name])
            on_frames = page.spectrum.push if page else None
            source, analyzer = _build_analysis(parts[name], sound, keys, stats, on_frames)
            if page is not None:
                page.introduce(about_stream(parts[name], source, analyzer), stats.reaction)
                page.look_with(config.sensors.get("camera"))
                observers.append(page.observe)
            noting = suggester.output()
            outputs[name].append(noting)
            stream = Stream(
                parts[name], source, analyzer, outputs[name], name, access.session, profile
            )
            access.join(name, stream.dispatcher)
            noting.receiver = stream.dispatcher
            streams.append(stream)
            titles[name] = source.name
        if view != "none":
            _greet(outputs, access, sensors, f"{suggester.words()}{news}{hint}")
            shown = open_view(titles, config.labels, plain=view == "plain")
            opened.callback(shown.close)
            observers.append(shown.update)
        access.start()
        show = partial(_show, observers, sensors) if observers else None
        return App(streams, show).run(seconds)
    return 0


def _show(
    observers: Sequence[Callable[[Snapshot], None]], sensors: Sequence[Sensor], now: Snapshot
) -> None:
    """Show everybody how things stand."""
    troubles = tuple(sensor.detail for sensor in sensors if sensor.detail)
    now = dataclasses.replace(now, sensors=troubles) if troubles else now
    for observer in observers:
        observer(now)


def _open_outputs(
    config: Config, access: Access, name: str, opened: contextlib.ExitStack
) -> list[Output]:
    """Open the outputs of a stream, to be closed with the rest; subscribers come last."""
    outputs = open_outputs(config, access.wiring(name))
    outputs.append(access.subscribers(name, _osc_settings(config).optional))
    for output in outputs:
        opened.callback(output.close)
    return outputs


def _open_sensors(config: Config, access: Access, opened: contextlib.ExitStack) -> list[Sensor]:
    """Open those who tell how the player feels, to be closed with the rest."""
    found: list[Sensor] = []
    for name, settings in config.sensors.items():
        if settings.enabled:
            sensor = sensor_modules.load(name).open(settings, access.receiver.tell)
            opened.callback(sensor.close)
            access.receiver.ask(sensor)
            found.append(sensor)
    return found


def _for_the_network(config: Config) -> Config:
    """Say news several times where it goes to other machines: networks lose packets."""
    hosts = [osc.parse_target(target)[0] for target in _osc_settings(config).to]
    away = config.port.lan or any(not is_this_machine(host) for host in hosts)
    return replace(config, send=replace(config.send, repeat=True)) if away else config


def _osc_settings(config: Config) -> osc.Config:
    """Settings of OSC, which are there even where the output is off."""
    return cast("osc.Config", config.outputs["osc"])


def _open_sources(
    parts: dict[str, Config], opened: contextlib.ExitStack
) -> dict[str, tuple[Source, Stats]]:
    """Open the source of each stream, and have the kernels ready; devices last."""
    devices = {name: part for name, part in parts.items() if part.input == LIVE}
    others = {name: part for name, part in parts.items() if part.input != LIVE}
    found = {name: _open_source(part, opened) for name, part in others.items()}
    if devices and not kernels_are_compiled():
        _check_devices(list(devices.values()))
    if any(part.input != NONE for part in parts.values()):
        prepare_kernels(next(iter(parts.values())))
    found |= {name: _open_source(part, opened) for name, part in devices.items()}
    return {name: found[name] for name in parts}


def _open_source(config: Config, opened: contextlib.ExitStack) -> tuple[Source, Stats]:
    """Open a source, to be closed with the rest, and the counters of its stream."""
    stats = Stats()
    source = open_source(config.input, config.source, realtime=True, stats=stats)
    opened.callback(source.close)
    return source, stats


def _open_keyboard(config: Config) -> KeyInput | None:
    """Open the keyboard that is wanted, if any.

    Raises
    ------
    SettingsError
        There is nothing to do: no sound, no keyboard, and nobody is asked for music.
    """
    if config.keyboard.port is None:
        if config.input == NONE and config.policy.strategy == "off":
            raise SettingsError(
                "with no sound (none) there must be a keyboard, or a player to be followed: give "
                "--midi-in or --strategy."
            )
        return None
    from oscbridge.sources.midi_link import MidiLink

    return MidiLink(config.keyboard.port)


def _page_among(outputs: Sequence[Output]) -> DashboardOutput | None:
    """The page among outputs, if there is one."""
    return next((output for output in outputs if isinstance(output, DashboardOutput)), None)


def _build_analysis(
    config: Config,
    source: Source,
    keys: KeyInput | None,
    stats: Stats,
    on_frames: Callable[[FeatureFrames], None] | None = None,
) -> tuple[Source, Analysis]:
    """Make the analyzer of sound, keyboard or both, and the source that it goes with."""
    rate, model, segments = source.sample_rate, config.analysis.model, config.segments
    if keys is None and config.input == NONE:
        return source, DeafAnalyzer(stats)
    if keys is None:
        heard = Analyzer(rate, model=model, segments=segments, on_frames=on_frames, stats=stats)
        return source, heard
    from oscbridge.hearing.keyboard import AccompaniedSource, DuetAnalyzer, KeyboardAnalyzer

    if config.input == NONE:
        alone = AccompaniedSource(source, keys, f"keyboard {keys.name}")
        return alone, KeyboardAnalyzer(keys, rate, stats)
    both = AccompaniedSource(source, keys, f"{source.name} and keyboard {keys.name}")
    heard = DuetAnalyzer(
        keys, rate, model=model, segments=segments, on_frames=on_frames, stats=stats
    )
    return both, heard


def _check_devices(configs: Sequence[Config]) -> None:
    """Tell that a device is not there before kernels are compiled, not after.

    Kernels come first where a device is: compiling takes longer than its ring holds.
    """
    from oscbridge.sources.capture_link import list_devices
    from oscbridge.sources.devices import choose_device

    devices = list_devices()
    for config in configs:
        choose_device(devices, config.source.device, config.source.host_api)


def _greet(
    outputs: dict[str, list[Output]], access: Access, sensors: Sequence[Sensor], hint: str
) -> None:
    """Say where messages go; streams have the same targets, but records of their own."""
    names = dict.fromkeys(
        output.name
        for opened in outputs.values()
        for output in opened
        if not isinstance(output, Subscribers | SuggestionOutput)
    )
    targets = ", ".join(names) or "nobody (no output is enabled)"
    page = next(filter(None, map(_page_among, outputs.values())), None)
    shown = f"{page.words}\n" if page is not None else ""
    watching = ", ".join(sensor.name for sensor in sensors if not sensor.inlets)
    felt = f"told of the player by {watching}\n" if watching else ""
    sys.stdout.write(f"sending to {targets}\n{access.words}\n{shown}{felt}{hint}")
    sys.stdout.flush()
