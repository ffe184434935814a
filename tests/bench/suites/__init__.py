"""One module a suite, each with a `Suite` named ``SUITE``, in the order in which they are told."""

from __future__ import annotations

from importlib import import_module

from tests.bench.suite import Suite

ORDER = (
    "whole_hop",
    "log_mel",
    "wavelet",
    "features",
    "beats",
    "boundaries",
    "music_model",
    "networks",
    "osc",
    "midi",
    "files",
    "analyze",
)


def load_suites() -> dict[str, Suite]:
    """All suites by name."""
    loaded = [import_module(f"tests.bench.suites.{name}").SUITE for name in ORDER]
    return {suite.name: suite for suite in loaded}
