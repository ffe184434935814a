"""One name, one source; what does not fit is a sentence."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from oscbridge.errors import InputError, SettingsError
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings


def test_each_name_opens_its_source(tmp_path):
    assert open_source("demo").name == "demo"
    with pytest.raises(InputError, match="there is no file"):
        open_source(str(tmp_path / "song.mp3"))
    with pytest.raises(SettingsError, match="give live, demo, none, - or an audio file"):
        open_source("")


@pytest.mark.parametrize("settings", [{"device": "Mic"}, {"host_api": "jack"}])
@pytest.mark.parametrize("spec", ["demo", "-", "song.wav"])
def test_a_device_for_anything_but_live_input_is_refused(spec, settings):
    with pytest.raises(SettingsError, match=f"not for --source {spec}"):
        open_source(spec, SourceSettings(**settings))


@pytest.mark.parametrize(
    "text",
    ["sample_rate = 0", "block_size = 0", "section_s = 0.1", 'pcm_format = "mp3"', "loud = 11"],
)
def test_settings_out_of_range_or_unknown_are_refused_when_they_are_read(text):
    key, value = text.split(" = ")
    with pytest.raises(msgspec.ValidationError, match=key):
        msgspec.json.decode(f'{{"{key}": {value}}}', type=SourceSettings)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("oscbridge.sources.select", ["numpy", "numba", "soundfile", "pyaudio"]),
        ("oscbridge.sources.devices", ["numpy", "numba", "soundfile", "pyaudio"]),
        ("oscbridge.sources.capture", ["numba", "soundfile", "pyaudio", "soxr"]),
        ("oscbridge.sources.demo", ["soundfile", "pyaudio"]),
    ],
)
def test_what_is_not_chosen_is_not_imported(module, heavy):
    program = f"import sys, {module}; print(*(set(sys.modules) & set({heavy})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")
