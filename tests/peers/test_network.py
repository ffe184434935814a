"""A machine on two networks announces itself to each by the address that it has there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

NEIGHBOUR = Path(__file__).with_name("neighbour.py")
PATIENCE_S = 100.0

# Three machines: ours, and one at the other end of each of its two cables.
SCRIPT = """
set -e
ip link set lo up
connect() {
    unshare -n sleep 100 > /dev/null & there=$!
    until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    ip link add "ours$1" type veth peer name "theirs$1"
    ip link set "theirs$1" netns $there
    ip addr add "10.77.$1.1/24" dev "ours$1" && ip link set "ours$1" up
    nsenter -t $there -n ip addr add "10.77.$1.2/24" dev "theirs$1"
    nsenter -t $there -n ip link set "theirs$1" up
    nsenter -t $there -n "$python" "$neighbour" "10.77.$1.2" &
}
connect 1
connect 2
exec "$python" -m oscbridge demo --lan --no-view
"""


@pytest.mark.peer("unshare", "nsenter", "ip")
def test_a_machine_on_two_networks_is_found_on_each_by_the_address_it_has_there() -> None:
    flags = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    process = subprocess.Popen(
        ["unshare", *flags, "sh", "-c", SCRIPT],
        env={**os.environ, "python": sys.executable, "neighbour": str(NEIGHBOUR)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that all of them can be ended together
    )
    watchdog = threading.Timer(PATIENCE_S, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    try:
        assert process.stdout is not None
        told = [json.loads(process.stdout.readline()) for _ in range(2)]
    finally:
        watchdog.cancel()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert sorted(one["announced"] for one in told) == ["10.77.1.1", "10.77.2.1"]
    for one in told:
        assert one["info"]["OSC_IP"] == one["info"]["WS_IP"] == one["announced"]
        assert one["info"]["OSC_PORT"] == 7770
