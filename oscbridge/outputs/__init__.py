"""Where messages go: one module an output, and the contract that they share (`base`).

A module here is an output: it has a ``Config`` (an `OutputConfig`) and ``open(config) -> Output``.
Its name is its section in the settings, ``[outputs.<name>]``; nothing else has to be edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from oscbridge import plug_ins

if TYPE_CHECKING:
    from oscbridge.outputs.base import OutputModule

NOT_OUTPUTS = ("base",)


def names() -> list[str]:
    """Names of all outputs that are installed."""
    return plug_ins.names(__path__, NOT_OUTPUTS)


def load(name: str) -> OutputModule:
    """Import output ``name``. Raises `SettingsError` that lists the outputs."""
    return cast("OutputModule", plug_ins.load(__name__, "output", name, names()))
