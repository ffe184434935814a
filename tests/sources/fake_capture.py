"""A capture process without hardware: plays the next scene of a script, then ends.

Called as ``fake_capture.py FOLDER``: the folder holds scenes ``0.json``, ``1.json`` …, each a list
of steps; a process plays the lowest scene that is left and takes it away. Without a scene it says
that there is no device. Steps: ``["open", rate, channels]``, ``["audio", frames, gap, overflows]``,
``["fail", why]``, ``["crash"]``.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

from oscbridge.sources.devices import InputDevice
from oscbridge.sources.records import Failed, Opened, write_audio, write_record

out = sys.stdout.buffer
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
channels, position = 1, 0
for name, *values in steps:
    if name == "open":
        rate, channels = values
        device = InputDevice(5, "Deck", "ALSA", 8, rate)
        write_record(out, Opened(device, rate, channels, 0.01))
    elif name == "audio":
        frames, gap, overflows = values
        wave = np.full((frames, channels), 0.25, dtype=np.float32)
        wave *= np.arange(1, channels + 1)
        write_audio(out, wave, gap, overflows)
    elif name == "fail":
        write_record(out, Failed("device", values[0]))
    elif name == "crash":
        os.abort()
sys.stdin.buffer.read()  # until the owner lets go
