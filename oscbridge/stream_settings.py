"""Several streams in one run: what each of them is told.

Conventions
-----------
``[streams]`` of the settings (``--stream NAME=SOURCE``) gives each source a name; everything else
is common. The messages of stream ``drums`` start with ``/oscbridge/drums``, its record is
``evening-drums.jsonl``, and a device is named behind ``live``: ``crowd = "live:USB Audio"``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from oscbridge.errors import SettingsError
from oscbridge.inlets import INLETS
from oscbridge.mapping import load_preset
from oscbridge.protocol import SIGNALS
from oscbridge.sensors import text
from oscbridge.sources.select import LIVE, NONE, STANDARD_INPUT

if TYPE_CHECKING:
    from oscbridge.config import Config

NAME = "[a-z0-9_]{1,32}"
TAKEN = frozenset(part for name in (*SIGNALS, *INLETS) for part in name.split("/"))
"""Names that would be mistaken for something of the run itself."""


def divide(config: Config) -> dict[str, Config]:
    """Settings of each stream by its name; of the one stream, without a name, where none is named.

    Raises
    ------
    SettingsError
        A name or a source that no stream can have, or a host's words, which have no room for
        names.
    """
    _check_standard_input(config)
    if not config.streams:
        return {"": config}
    if config.keyboard.port is not None:
        raise SettingsError("a keyboard goes with one source: give --midi-in without --stream.")
    for name in config.streams:
        if not re.fullmatch(NAME, name):
            raise SettingsError(
                f"no stream can be called {name!r}: its name stands in addresses, so write up to "
                "32 small letters, digits or _."
            )
    if TAKEN & {*config.streams}:
        taken = ", ".join(sorted(TAKEN & {*config.streams}))
        raise SettingsError(f"no stream can be called {taken}: oscbridge has signals of this name.")
    return {name: _of(config, name, source) for name, source in config.streams.items()}


def _check_standard_input(config: Config) -> None:
    """Refuse a second reader of standard input: each would get a part of it."""
    sources = [*config.streams.values()] or [config.input]
    if sources.count(STANDARD_INPUT) > 1:
        raise SettingsError("only one stream can read standard input (-).")
    lines = config.sensors.get("text")
    typed = isinstance(lines, text.Config) and lines.enabled and lines.stdin
    if typed and STANDARD_INPUT in sources:
        raise SettingsError(
            "standard input is either sound (the source -) or the player's lines ([sensors.text] "
            "stdin = true): it cannot be both."
        )


def _of(config: Config, name: str, source: str) -> Config:
    kind, _, device = source.partition(":")
    if source == NONE:
        raise SettingsError(f"stream {name}: there is nothing to hear in {NONE!r}.")
    chosen = replace(config.source, device=None)
    if kind == LIVE:
        source = LIVE
        chosen = replace(chosen, device=device or config.source.device)
    else:
        chosen = replace(chosen, host_api=None)
    outputs = {kind: _output(kind, settings, name) for kind, settings in config.outputs.items()}
    return replace(config, streams={}, input=source, source=chosen, outputs=outputs)


def _output(kind: str, settings: Any, name: str) -> Any:
    """Settings of an output for one stream."""
    if kind == "osc":
        if not load_preset(settings.preset).plain:
            raise SettingsError(
                f"preset {settings.preset!r} has words of its own, in which streams have no names: "
                "use one that keeps our addresses, or one run for each stream."
            )
        return replace(settings, prefix=f"{settings.prefix}/{name}")
    if kind == "record":
        path = Path(settings.path)
        return replace(settings, path=str(path.with_name(f"{path.stem}-{name}{path.suffix}")))
    return settings
