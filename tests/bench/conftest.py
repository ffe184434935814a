"""What the benchmarks share: music, a port, and the list of peers that are missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oscbridge.measuring.figures import N_HOPS, describe_machine
from oscbridge.measuring.material import Material, render
from oscbridge.measuring.sink import Sink
from tests.bench.suite import Bench

MISSING: pytest.StashKey[list[dict[str, str]]] = pytest.StashKey()
MEASURED: pytest.StashKey[dict[str, object]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with nothing missing and nothing measured."""
    config.stash[MISSING] = []
    config.stash[MEASURED] = {}


def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, object]) -> None:
    """Tell the report what else there is to say: the machine, what is missing, what is no table."""
    output_json["machine"] = describe_machine()
    output_json["missing"] = config.stash[MISSING]
    output_json["measured"] = config.stash[MEASURED]


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give what contenders are built from."""
    with Sink() as sink:
        yield Bench(Material(render(N_HOPS)), sink, tmp_path_factory.mktemp("bench"))


@pytest.fixture
def missing(pytestconfig: pytest.Config) -> list[dict[str, str]]:
    """Give the list of contenders that could not be built."""
    return pytestconfig.stash[MISSING]


@pytest.fixture
def measured(pytestconfig: pytest.Config) -> dict[str, object]:
    """Give what is measured beside the suites, by name."""
    return pytestconfig.stash[MEASURED]
