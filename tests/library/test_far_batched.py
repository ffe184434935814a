"""Files judged together are heard as each alone is."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from oscbridge.errors import SettingsError
from oscbridge.library.describe import read_track
from oscbridge.library.far import batched
from oscbridge.library.far.catalogue import entries
from oscbridge.library.far.listening import Ear, listen_to_all
from oscbridge.library.track import Sound
from oscbridge.sources.demo_music import DemoMusic

TOLERANCE = 1e-4
ON_CPU = Ear(
    functools.partial(batched.hear_for_batch, device="cpu"),
    "music",
    functools.partial(batched.judge_batch, device="cpu"),
)


def flat(value: Any) -> list[Any]:
    """All leaves of a value, in order."""
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in flat(part)]
    return [value]


def require_alike(ours: Sound, theirs: Sound) -> None:
    assert len(flat(ours)) == len(flat(theirs))
    for one, other in zip(flat(ours), flat(theirs), strict=True):
        if isinstance(other, float):
            assert one == pytest.approx(other, abs=TOLERANCE)
        else:
            assert one == other


def build_music(folder: Path) -> None:
    for number, seconds in enumerate((25, 12, 3)):
        band = DemoMusic(8.0, number)
        parts = np.concatenate([band.next_beat() for _ in range(4 * seconds)])
        rate = DemoMusic.sample_rate
        soundfile.write(folder / f"{number}.wav", parts[: seconds * rate], rate)


def test_a_partition_that_is_judged_together_is_heard_as_one_file_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_music(tmp_path)
    (tmp_path / "words.mp3").write_text("no music")
    monkeypatch.setattr(batched, "LONGEST_S", 20.0)  # the longest file is listened to as usual
    found = listen_to_all(list(entries(str(tmp_path))), ON_CPU)
    assert [examined.track is not None for examined in found] == [True, True, True, False]
    monkeypatch.setattr(batched, "LONGEST_S", 3600.0)
    again = listen_to_all(list(entries(str(tmp_path))), ON_CPU)
    for examined in (*found[:3], *again[:3]):
        alone = read_track(examined.entry.path)
        assert examined.track is not None
        assert (examined.track.digest, examined.track.names) == (alone.digest, alone.names)
        require_alike(examined.track.sound, alone.sound)
    assert again[0].track is not None
    assert len(again[0].track.sound.sections) > 1


def test_where_there_is_no_gpu_a_file_is_heard_as_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_music(tmp_path)
    monkeypatch.setattr("models.batch.find_device", lambda: "")
    path = str(tmp_path / "2.wav")
    names, heard = batched.hear_for_batch(path, "music")
    alone = read_track(path)
    assert (names, heard) == (alone.names, alone.sound)
    assert batched.judge_batch([alone.sound], "music") == [alone.sound]


def test_another_kind_of_model_is_not_judged_together() -> None:
    batched.require_judged("music")
    with pytest.raises(SettingsError, match="not 'crnn'"):
        batched.require_judged("crnn")
