"""What else a machine may be doing while music is heard.

Conventions
-----------
A load is a context manager, made for the port at which the run listens: it goes on inside the
``with`` and is gone after it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

BURN = "while True: pass"
FLOOD = """
import socket, sys, time
from pythonosc.osc_message_builder import OscMessageBuilder
packets = []
for step in range(100):
    message = OscMessageBuilder("/oscbridge/in/affect/va")
    for value in (step / 100, -step / 100, 0.8):
        message.add_arg(value, "f")
    packets.append(message.build().dgram)
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.connect(("127.0.0.1", int(sys.argv[1])))
print("sending", flush=True)
due_s = time.monotonic()
while True:
    for packet in packets:
        out.send(packet)
        due_s += 0.002
        time.sleep(max(0.0, due_s - time.monotonic()))
"""
"""A sensor that tells what the player feels 500 times a second."""
BURST_S, PAUSE_S = 0.020, 0.013
"""Thirty times a second 20 ms of Python: a camera whose frames are looked at without numpy."""


@contextmanager
def nothing(port: int) -> Iterator[None]:
    """The machine is left to the music."""
    yield


@contextmanager
def burning_cores(port: int) -> Iterator[None]:
    """Other processes that want every core all the time."""
    processes = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@contextmanager
def bursts_of_python(port: int) -> Iterator[None]:
    """A thread of this very process that holds the interpreter in bursts."""
    ended = threading.Event()

    def burst() -> None:
        while not ended.wait(PAUSE_S):
            until_s = time.monotonic() + BURST_S
            count = 0
            while time.monotonic() < until_s:
                count += 1

    thread = threading.Thread(target=burst, name="bursts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def flooding(port: int) -> Iterator[None]:
    """Another program that sends 500 messages a second."""
    command = [sys.executable, "-c", FLOOD, str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"sending\n"
        yield
    finally:
        process.kill()
        process.wait()


LOADS: dict[str, Callable[[int], AbstractContextManager[None]]] = {
    "nothing else": nothing,
    "every core burning": burning_cores,
    "bursts of Python in the process": bursts_of_python,
    "500 messages a second coming in": flooding,
}
