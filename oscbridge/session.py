"""One live session for people at a terminal: open everything, show it, run it.

Conventions
-----------
Opened in the order in which mistakes are cheap: outputs (a wrong preset or target), keyboard,
source, kernels; a device, which cannot wait, comes after the kernels. What was opened is closed
again when something later cannot be opened.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from oscbridge.analyzer import Analyzer
from oscbridge.app import App, open_outputs
from oscbridge.errors import SettingsError
from oscbridge.sources.select import LIVE, NONE, open_source
from oscbridge.stats import Stats
from oscbridge.terminal.view import open_view
from oscbridge.warmup import kernels_are_compiled, prepare_kernels

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.app import Analysis
    from oscbridge.config import Config
    from oscbridge.keyboard import KeyInput
    from oscbridge.outputs.base import Output
    from oscbridge.snapshot import Snapshot
    from oscbridge.sources.base import Source


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
        outputs = open_outputs(config)
        for output in outputs:
            opened.callback(output.close)
        stats = Stats()
        keys = _open_keyboard(config)
        if keys is not None:
            opened.callback(keys.close)
        live = config.input == LIVE
        if live:
            _prepare_for_device(config)
        source = open_source(config.input, config.source, realtime=True, stats=stats)
        opened.callback(source.close)
        if not live and config.input != NONE:
            prepare_kernels(config)
        source, analyzer = _build_analysis(config, source, keys, stats)
        observer: Callable[[Snapshot], None] | None = None
        if view != "none":
            _greet(outputs, hint)
            shown = open_view(source.name, config.labels, plain=view == "plain")
            opened.callback(shown.close)
            observer = shown.update
        return App(config, source, analyzer, outputs, observer).run(seconds)
    return 0


def _open_keyboard(config: Config) -> KeyInput | None:
    """Open the keyboard that is wanted, if any.

    Raises
    ------
    SettingsError
        There is nothing to hear, neither sound nor keyboard.
    """
    if config.keyboard.port is None:
        if config.input == NONE:
            raise SettingsError("with no sound (none) there must be a keyboard: give --midi-in.")
        return None
    from oscbridge.sources.midi_port import MidiPort

    return MidiPort(config.keyboard.port)


def _build_analysis(
    config: Config, source: Source, keys: KeyInput | None, stats: Stats
) -> tuple[Source, Analysis]:
    """Make the analyzer of sound, keyboard or both, and the source that it goes with."""
    rate, model, segments = source.sample_rate, config.analysis.model, config.segments
    if keys is None:
        return source, Analyzer(rate, model=model, segments=segments, stats=stats)
    from oscbridge.keyboard import AccompaniedSource, DuetAnalyzer, KeyboardAnalyzer

    if config.input == NONE:
        alone = AccompaniedSource(source, keys, f"keyboard {keys.name}")
        return alone, KeyboardAnalyzer(keys, rate, stats)
    both = AccompaniedSource(source, keys, f"{source.name} and keyboard {keys.name}")
    return both, DuetAnalyzer(keys, rate, model=model, segments=segments, stats=stats)


def _prepare_for_device(config: Config) -> None:
    """Have all kernels ready before a device delivers: compiling takes longer than its ring holds.

    Where they have to be compiled, a device that is not there is told before, not after.
    """
    if not kernels_are_compiled():
        from oscbridge.sources.capture_link import list_devices
        from oscbridge.sources.devices import choose_device

        choose_device(list_devices(), config.source.device, config.source.host_api)
    prepare_kernels(config)


def _greet(outputs: list[Output], hint: str) -> None:
    targets = ", ".join(output.name for output in outputs) or "nobody (no output is enabled)"
    sys.stdout.write(f"sending to {targets}\n{hint}")
    sys.stdout.flush()
