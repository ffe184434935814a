"""The loudspeaker: a program of its own that plays the game's sound, where there is an output.

Conventions
-----------
PortAudio may block for minutes, and a process can always be ended: so it never runs in the game
(`oscbridge.sources.portaudio`). Samples come as mono float32 on standard input; one line on
standard output says what plays, or after ``!`` why nothing does. When the game ends, so does the
input. What the device cannot take at our rate is brought to its own.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from oscbridge.errors import MissingExtraError
from oscbridge.own_process import private_stdout, silence_stderr
from oscbridge.sources.demo_sounds import SAMPLE_RATE
from oscbridge.sources.portaudio import load_pyaudio

LEAD_S = 0.1
"""Silence that is played first, so that a game which is late for once is not heard to be."""
_MOST_BYTES = 1 << 14
_SAMPLE_BYTES = 4


def play(audio: Any, sample_format: int, out: int) -> None:
    """Play standard input on the default output until it ends; tell ``out`` on what.

    Raises
    ------
    OSError
        There is no output, or it takes no sound.
    """
    try:
        info = audio.get_default_output_device_info()
    except OSError:
        raise OSError("there is no output device") from None
    rate, stream = SAMPLE_RATE, None
    for rate in (SAMPLE_RATE, int(info["defaultSampleRate"])):
        try:
            stream = audio.open(format=sample_format, channels=1, rate=rate, output=True)
            break
        except (OSError, ValueError):
            continue
    if stream is None:
        raise OSError(f"{info['name']} takes no sound")
    os.write(out, f"{info['name']}\n".encode())
    stream.write(bytes(round(LEAD_S * rate) * _SAMPLE_BYTES))
    convert = _converter(rate)
    rest = b""
    while data := os.read(0, _MOST_BYTES):
        data = rest + data
        whole = len(data) - len(data) % _SAMPLE_BYTES
        rest = data[whole:]
        stream.write(convert(np.frombuffer(data[:whole], dtype=np.float32)).tobytes())


def _converter(rate: int) -> Any:
    if rate == SAMPLE_RATE:
        return np.ascontiguousarray
    from dsp.resample import Resampler

    return Resampler(SAMPLE_RATE, rate).push


def main() -> None:
    """Play until standard input ends."""
    out = private_stdout()
    silence_stderr()
    try:
        pyaudio = load_pyaudio()
        play(pyaudio.PyAudio(), pyaudio.paFloat32, out)
    except MissingExtraError:
        trouble = "PyAudio is not installed (extra live)"
    except (OSError, ValueError) as error:
        trouble = " ".join(str(error).split())
    else:
        return
    os.write(out, f"!{trouble}\n".encode())
    os._exit(1)


if __name__ == "__main__":
    main()
