"""Another machine of the network: finds an oscbridge by its announcement and reads from it.

Prints one line of JSON: the address that was announced to it, what HOST_INFO says there, and which
nodes are at the top.
"""

from __future__ import annotations

import json
import sys
import threading
import urllib.request

from zeroconf import ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

SERVICE = "_oscjson._tcp.local."
PATIENCE_S = 60.0


class Finder(ServiceListener):
    """Waits for the first service."""

    def __init__(self) -> None:
        self.found: ServiceInfo | None = None
        self.there = threading.Event()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.found = zc.get_service_info(type_, name, timeout=round(1e3 * PATIENCE_S))
        self.there.set()

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Nothing to do."""

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Nothing to do."""


def main(own_address: str) -> None:
    finder = Finder()
    zeroconf = Zeroconf(interfaces=[own_address])
    ServiceBrowser(zeroconf, SERVICE, finder)
    assert finder.there.wait(PATIENCE_S), "nothing was announced"
    assert finder.found is not None
    (address,) = finder.found.parsed_addresses()
    url = f"http://{address}:{finder.found.port}/"
    whole, info = (
        json.loads(urllib.request.urlopen(url + query, timeout=PATIENCE_S).read())
        for query in ("", "?HOST_INFO")
    )
    print(
        json.dumps({"announced": address, "info": info, "nodes": [*whole["CONTENTS"]]}), flush=True
    )
    zeroconf.close()


if __name__ == "__main__":
    main(sys.argv[1])
