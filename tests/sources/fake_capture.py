"""A capture process without hardware: plays the next scene of a script, then ends.

Called as ``fake_capture.py FOLDER``: the folder holds scenes ``0.json``, ``1.json`` …, each a list
of steps; a process plays the lowest scene that is left and takes it away. Without a scene it says
that there is no device. Steps: ``["open", rate, channels]`` or ``["open", rate, channels, frames of
the ring]``, ``["audio", frames, lost, overflows]``, ``["fail", why]``, ``["crash"]``. Frames are
lost where the ring holds no more than the frames after them.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from oscbridge.sources.devices import InputDevice
from oscbridge.sources.records import Failed, Opened, write_audio, write_record
from oscbridge.sources.shared_ring import make_ring

out = sys.stdout.fileno()
request = json.loads(sys.stdin.buffer.readline())
folder = Path(sys.argv[1])
scenes = sorted(folder.glob("*.json"))
if not scenes:
    write_record(out, Failed("device", "there is no audio input here."))
    sys.exit()
steps = json.loads(scenes[0].read_text())
scenes[0].rename(scenes[0].with_suffix(".done"))
with (folder / "requests").open("a") as log:
    log.write(json.dumps(request) + "\n")
ring = None


def wait_for_room(frames: int) -> None:
    """Wait until so many frames fit beside those that were not heard yet."""
    while ring.written - ring.position + frames > ring.capacity:
        time.sleep(0.001)


for name, *values in steps:
    if name == "open":
        sample_rate, channels, capacity = (*values, 48000)[:3]
        device = InputDevice(5, "Deck", "ALSA", 8, sample_rate)
        ring = make_ring(request["memory"], capacity, channels)
        write_record(out, Opened(device, sample_rate, channels, 480, 0.01, capacity))
    elif name == "audio":
        frames, lost, overflows = values
        wait_for_room(ring.capacity if lost else frames)
        wave = np.full((frames, channels), 0.25, dtype=np.float32)
        wave *= np.arange(1, channels + 1)
        ring.write(bytes(4 * channels * lost))
        write_audio(out, ring.write(wave.tobytes()), overflows, time.perf_counter())
    elif name == "fail":
        write_record(out, Failed("device", values[0]))
    elif name == "crash":
        os.abort()
sys.stdin.buffer.read()  # until the owner lets go
