"""Recommendations from a library: described once, the same for the same seed, answers hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.zoo.descriptors import SAMPLE_RATE, WIDTH, describe
from models.zoo.history import WEEK_S
from oscbridge.errors import InputError
from oscbridge.library.history import described, recommending
from oscbridge.library.history.described import describe_file, segments_of
from oscbridge.library.history.listens import Listen, keep
from oscbridge.library.history.recommending import ACCEPTED, REJECTED, advise, answer
from oscbridge.library.store import Library, SeenFile
from oscbridge.library.track import Track
from tests.library.crates import made_track

NOW_S = 1_700_000_000.0
PLACES = {1: (0.6, 0.6), 2: (-0.6, 0.6), 3: (-0.6, -0.6), 4: (0.6, -0.6)}


def _noise(path: Path, seconds: float, rate: int = SAMPLE_RATE, seed: int = 0) -> np.ndarray:
    samples = 0.1 * np.random.default_rng(seed).standard_normal(round(seconds * rate))
    soundfile.write(path, samples, rate, subtype="FLOAT")
    return samples.astype(np.float32)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve short files: three of a quadrant, two of which can be heard."""
    folder = tmp_path_factory.mktemp("music")
    for quadrant in PLACES:
        for number in (0, 1):
            _noise(folder / f"{quadrant}{number}.wav", 4.5, seed=10 * quadrant + number)
    return folder


@pytest.fixture
def library(music: Path, tmp_path: Path) -> Library:
    tracks = [_track(music / f"{q}{n}.wav", q, n) for q in PLACES for n in (0, 1, 2)]
    opened = Library(tmp_path / "library.sqlite")
    opened.put(tracks)
    return opened


def _track(path: Path, quadrant: int, number: int) -> Track:
    embedding = tuple(float(number == place) for place in range(12))
    return made_track(path, *PLACES[quadrant], "Ann", embedding=embedding)


def _play(library: Library, music: Path, **counts: int) -> None:
    """Play files, the name of each after an underscore."""
    keep(
        library,
        [
            Listen(NOW_S - 100.0 * (n + 1), path=str(music / f"{name[1:]}.wav"))
            for name, count in counts.items()
            for n in range(count)
        ],
    )


def _names(library: Library, offers: object) -> list[str]:
    return [Path(library.track(digest).path).stem for digest in offers]  # type: ignore[union-attr]


def test_a_track_is_described_by_its_segments_of_two_seconds(tmp_path: Path) -> None:
    samples = _noise(tmp_path / "x.wav", 5.0)
    rows = describe_file(str(tmp_path / "x.wav"))
    assert rows.shape == (2, WIDTH)
    length = 2 * SAMPLE_RATE
    expected = [describe(samples[:length]), describe(samples[length : 2 * length])]
    np.testing.assert_allclose(rows, expected, rtol=1e-5, atol=1e-5)


def test_another_sample_rate_sounds_the_same_and_silence_is_finite(tmp_path: Path) -> None:
    time_s = np.arange(2 * 48000) / 48000
    chord = sum(np.sin(2 * np.pi * hz * time_s) for hz in (220.0, 277.2, 329.6)) / 4
    soundfile.write(tmp_path / "a.wav", chord, 48000, subtype="FLOAT")
    soundfile.write(tmp_path / "b.wav", chord[::2], 24000, subtype="FLOAT")
    one, other = (describe_file(str(tmp_path / name))[0] for name in ("a.wav", "b.wav"))
    np.testing.assert_allclose(one[26:], other[26:], atol=0.5)  # energy, pitch, crossings
    soundfile.write(tmp_path / "silence.wav", np.zeros(2 * 24000), 24000)
    assert np.isfinite(describe_file(str(tmp_path / "silence.wav"))).all()


def test_of_a_long_mix_the_beginning_is_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(described, "MOST_S", 4.0)
    _noise(tmp_path / "mix.wav", 30.0)
    assert describe_file(str(tmp_path / "mix.wav")).shape == (2, WIDTH)


def test_what_was_described_once_is_kept_even_when_the_file_is_gone(
    library: Library, music: Path, tmp_path: Path
) -> None:
    _noise(tmp_path / "gone.wav", 4.0)
    track = made_track(tmp_path / "gone.wav", 0.1, 0.1)
    library.put([track])
    first = segments_of(library, track.digest)
    (tmp_path / "gone.wav").unlink()
    np.testing.assert_array_equal(segments_of(library, track.digest), first)
    library.connection.execute("UPDATE described SET form = 'older'")
    with pytest.raises(InputError, match="there is no file"):
        segments_of(library, track.digest)


def test_a_track_whose_tags_were_written_keeps_what_was_described_one_that_is_removed_does_not(
    library: Library, music: Path
) -> None:
    (old,) = (track for track in library.tracks() if track.path.endswith("/30.wav"))
    first = segments_of(library, old.digest)
    new = replace(old, digest="f" * 32)
    library.follow(old.digest, new, SeenFile(old.path, 1, 1, new.digest))
    Path(old.path).rename(music / "moved.wav")
    try:
        np.testing.assert_array_equal(segments_of(library, new.digest), first)
    finally:
        (music / "moved.wav").rename(old.path)
    library.remove([new.digest])
    assert library.connection.execute("SELECT count(*) FROM described").fetchone() == (0,)


def test_without_plays_of_the_library_nothing_is_offered(library: Library, music: Path) -> None:
    assert advise(library, NOW_S) is None
    keep(library, [Listen(NOW_S - 5.0, "Hero", "Neu!")])
    _play(library, music, _10=3)
    assert advise(library, NOW_S + WEEK_S) is None  # a week later
    assert answer(library, ACCEPTED) is None


def test_offers_are_of_the_likeliest_quadrant_alike_first_heard_last(
    library: Library, music: Path
) -> None:
    _play(library, music, _10=3, _21=1)
    advice = advise(library, NOW_S)
    assert advice is not None
    assert [count for _, count in advice.top] == [3, 1]
    assert advice.unread == {}
    assert not advice.kept
    assert advice.quadrant == 1 + int(np.argmax(advice.probabilities))
    assert sum(advice.probabilities) == pytest.approx(1.0, abs=1e-5)
    offered = _names(library, advice.offers)
    own = [f"{advice.quadrant}{n}" for n in (0, 1, 2)]  # "0" is what sounds like most plays
    heard = {"10", "21"}
    assert offered == [n for n in own if n not in heard] + [n for n in own if n in heard]


def test_the_same_plays_and_seed_give_the_same_offers(library: Library, music: Path) -> None:
    _play(library, music, _10=1, _20=1, _30=1)
    drawn = [advise(library, NOW_S, seed=seed, order="drawn") for seed in (0, 0, *range(1, 9))]
    assert drawn[0] == drawn[1]
    assert len({tuple(advice.offers) for advice in drawn if advice}) > 1


def test_accepted_it_is_kept_without_hearing_anything_rejected_it_is_estimated_anew(
    library: Library, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _play(library, music, _10=3)
    first = advise(library, NOW_S)
    assert first is not None
    assert answer(library, REJECTED) == first.quadrant
    second = advise(library, NOW_S + 1.0)
    assert second is not None
    ranked = sorted(range(1, 5), key=lambda q: -first.probabilities[q - 1])
    assert [first.quadrant, second.quadrant] == ranked[:2]
    assert answer(library, ACCEPTED) == second.quadrant
    monkeypatch.setattr(recommending, "segments_of", None)  # is not asked for again
    _play(library, music, _40=9)
    third = advise(library, NOW_S + 2.0)
    assert third is not None
    assert (third.kept, third.quadrant) == (True, second.quadrant)


def test_answers_hold_for_a_week(library: Library, music: Path) -> None:
    _play(library, music, _10=3)
    first = advise(library, NOW_S)
    answer(library, REJECTED)
    later_s = NOW_S + WEEK_S + 1.0
    keep(library, [Listen(later_s - 5.0, path=str(music / "10.wav"))])
    again = advise(library, later_s)
    assert first is not None
    assert again is not None
    assert again.quadrant == first.quadrant


def test_what_cannot_be_heard_any_more_is_named_and_left_out(library: Library, music: Path) -> None:
    _play(library, music, _10=1, _12=5)
    heard: list[int] = []
    advice = advise(library, NOW_S, on_heard=lambda: heard.append(1))
    assert advice is not None
    (reason,) = advice.unread.values()
    assert "12.wav" in reason
    alone = Library(library.path.with_name("alone.sqlite"))
    alone.put(list(library.tracks()))
    _play(alone, music, _10=1)
    assert advise(alone, NOW_S).probabilities == advice.probabilities  # type: ignore[union-attr]
    assert len(heard) == 2


def test_where_nothing_can_be_heard_any_more_the_tags_of_what_was_played_count(
    library: Library, music: Path
) -> None:
    _play(library, music, _32=3, _12=1)
    advice = advise(library, NOW_S)
    assert advice is not None
    assert len(advice.unread) == 2
    assert (advice.quadrant, advice.probabilities) == (3, (0.25, 0.0, 0.75, 0.0))
