"""A machine on two networks announces itself to each; one that is for itself, to itself alone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from oscbridge.config import SendSettings
from tests.house.source import ROOT

NEIGHBOUR = Path(__file__).with_name("neighbour.py")
LISTENER = Path(__file__).with_name("listener.py")
EAVESDROPPER = Path(__file__).with_name("eavesdropper.py")
PATIENCE_S = 100.0
DEAD_BAND = 1.01 * SendSettings().dead_band
"""What moved by less is no news: it is said with the next refresh."""

# Ours, and one more machine at the other end of each cable.
CONNECT = """
set -e
ip link set lo up
connect() {
    unshare -n sleep 100 > /dev/null & there=$!
    until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    ip link add "ours$1" type veth peer name "theirs$1"
    ip link set "theirs$1" netns $there
    ip addr add "10.77.$1.1/24" dev "ours$1" && ip link set "ours$1" up
    nsenter -t $there -n ip link set lo up
    nsenter -t $there -n ip addr add "10.77.$1.2/24" dev "theirs$1"
    nsenter -t $there -n ip link set "theirs$1" up
    nsenter -t $there -n "$python" "$2" "10.77.$1.2" &
}
"""
ON_TWO_NETWORKS = """
connect 1 "$neighbour"
connect 2 "$neighbour"
exec "$python" -m oscbridge demo --lan --no-view
"""
OVER_A_BAD_NETWORK = """
connect 1 "$listener"
"$python" -m oscbridge demo --lan --no-view > /dev/null &
exec "$python" "$listener" 10.77.1.1
"""
FOR_ITSELF = """
connect 1 "$eavesdropper"
"$python" -m oscbridge demo --preset vrchat --no-view > /dev/null &
"$python" "$neighbour" 10.77.1.1
exec "$python" -c "
import socket, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
here = socket.inet_aton('10.77.1.1')
udp.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
while True:  # until the other machine hears it
    udp.sendto(b'over', ('224.0.0.251', 5353))
    time.sleep(0.1)
"
"""


@contextlib.contextmanager
def lines_of(script: str) -> Iterator[IO[str]]:
    """Run a script on machines of its own; give what all of them print."""
    flags = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    names = {
        "python": sys.executable,
        "neighbour": str(NEIGHBOUR),
        "listener": str(LISTENER),
        "eavesdropper": str(EAVESDROPPER),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        ["unshare", *flags, "sh", "-c", CONNECT + script],
        env={**os.environ, **names},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that all of them can be ended together
    )
    watchdog = threading.Timer(PATIENCE_S, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    try:
        assert process.stdout is not None
        yield process.stdout
    finally:
        watchdog.cancel()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def lines_up_to(lines: IO[str], word: str) -> Iterator[str]:
    """Lines up to the first one with a word in it."""
    for line in iter(lines.readline, ""):
        yield line
        if word in line:
            return


@pytest.mark.peer("unshare", "nsenter", "ip")
def test_a_machine_on_two_networks_is_found_on_each_by_the_address_it_has_there() -> None:
    with lines_of(ON_TWO_NETWORKS) as lines:
        told = [json.loads(lines.readline()) for _ in range(2)]
    assert sorted(one["announced"] for one in told) == ["10.77.1.1", "10.77.2.1"]
    for one in told:
        assert one["info"]["OSC_IP"] == one["info"]["WS_IP"] == one["announced"]
        assert one["info"]["OSC_PORT"] == 7770


@pytest.mark.peer("unshare", "nsenter", "ip")
def test_a_host_on_this_machine_finds_us_without_the_network_being_told() -> None:
    with lines_of(FOR_ITSELF) as lines:
        said = list(lines_up_to(lines, "over"))
    (told,) = [json.loads(line) for line in said if line.startswith("{")]
    assert told["announced"] == told["info"]["OSC_IP"] == "127.0.0.1"
    assert told["info"]["OSC_PORT"] == 7770
    assert "avatar" in told["nodes"], "so VRChat tells us of the avatar"
    overheard = [line.strip() for line in said if not line.startswith("{")]
    assert overheard[0] == "ready"
    assert "answer" not in overheard, "the network hears who looks, and no answer"


@pytest.mark.peer("unshare", "nsenter", "ip")
def test_another_machine_that_loses_a_fifth_knows_the_present_all_the_same() -> None:
    """How soon, ``tests/inbound/test_lossy.py`` measures where nothing else is at work."""
    with lines_of(OVER_A_BAD_NETWORK) as lines:
        told = [json.loads(line) for line in lines_up_to(lines, "frozen_s")]
    *others, near = told
    assert others[-1]["lost"] > 20
    for name, values in near["state"].items():
        heard = others[-1]["state"][name]
        assert heard == pytest.approx(values, abs=DEAD_BAND), name
