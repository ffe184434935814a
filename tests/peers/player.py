"""Play a WAV file into an output device over and over: ``player.py FILE DEVICE``.

A program of its own, because PortAudio may hang when its server dies; it says ``playing`` when the
first second is on its way.
"""

import sys

import pyaudio
import soundfile

wave, sample_rate = soundfile.read(sys.argv[1], dtype="float32", always_2d=True)
audio = pyaudio.PyAudio()
devices = [audio.get_device_info_by_index(index) for index in range(audio.get_device_count())]
device = next(info for info in devices if info["name"] == sys.argv[2])
if device["defaultSampleRate"] != sample_rate:  # a JACK server dictates its rate
    import soxr

    wave = soxr.resample(wave, sample_rate, device["defaultSampleRate"])
    sample_rate = int(device["defaultSampleRate"])
stream = audio.open(
    format=pyaudio.paFloat32,
    channels=wave.shape[1],
    rate=sample_rate,
    output=True,
    output_device_index=int(device["index"]),
    frames_per_buffer=1024,
)
stream.write(wave[:1024].tobytes())
print("playing", flush=True)
while True:
    stream.write(wave[1024:].tobytes())
    stream.write(wave[:1024].tobytes())
