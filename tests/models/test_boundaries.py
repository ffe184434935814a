"""The benchmark of boundaries: its sound and truth, its streams, what it makes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.types import FeatureFrames, Segment
from models.training.boundaries import labels, report
from models.training.boundaries.__main__ import main
from models.training.boundaries.build import LOUDNESS_LUFS, Mix, Truth, at_loudness, join
from models.training.boundaries.consensus import find_turns
from models.training.boundaries.medleys import Medley, Piece
from models.training.boundaries.references import REFERENCES
from models.training.boundaries.streams import Decisions, StreamStore, decide
from models.training.render import RATE
from models.types import AffectState

# --------------------------------------------------------------------------------- sound and truth


def test_a_sine_at_the_loudness_of_the_list_has_the_level_that_bs_1770_says() -> None:
    tone = 0.9 * np.sin(2 * np.pi * 997 * np.arange(10 * RATE) / RATE)
    # a full-scale sine of 997 Hz in one channel has -3.01 LUFS
    expected = 10.0 ** ((LOUDNESS_LUFS + 3.01) / 20.0)
    assert np.abs(at_loudness(tone.astype(np.float32))).max() == pytest.approx(expected, rel=0.01)


def test_silence_has_no_loudness_and_stays() -> None:
    assert not at_loudness(np.zeros(RATE, np.float32)).any()


def test_a_hard_cut_joins_and_the_junction_is_its_sample() -> None:
    samples, junctions = join([np.ones(5, np.float32), np.full(3, 2.0, np.float32)], 0)
    assert samples.tolist() == [1, 1, 1, 1, 1, 2, 2, 2]
    assert junctions == [5]


def test_a_cross_fade_keeps_the_power_and_its_middle_is_the_junction() -> None:
    rng = np.random.default_rng(0)
    fade = RATE
    noises = [rng.normal(0, 0.1, 5 * RATE).astype(np.float32) for _ in range(3)]
    samples, junctions = join(noises, fade)
    assert len(samples) == 13 * RATE
    assert junctions == [int(4.5 * RATE), int(8.5 * RATE)]
    power = (samples.reshape(-1, RATE // 4) ** 2).mean(axis=1)
    assert np.abs(10 * np.log10(power / 0.01)).max() < 0.4
    np.testing.assert_array_equal(samples[: 4 * RATE], noises[0][: 4 * RATE])


def test_the_truth_of_an_instant_is_the_quadrant_of_its_stretch() -> None:
    truth = Truth(np.asarray([5.0, 9.0]), np.asarray([1, 3]), np.asarray([3, 3]), 20.0)
    assert truth.quadrant_at(np.asarray([0.0, 4.9, 5.0, 9.5])).tolist() == [1, 1, 3, 3]
    assert truth.turns_s.tolist() == [5.0]
    alone = Truth(np.empty(0), np.empty(0, int), np.empty(0, int), 20.0, 4)
    assert alone.quadrant_at(np.asarray([3.0])).tolist() == [4]


def test_listeners_turn_where_their_mean_changes_its_sign_for_good() -> None:
    valence = np.repeat([0.4, -0.4, 0.4, -0.05, 0.4], [10, 10, 10, 6, 10])
    valence[4] = -0.9  # one bar is no turn, nor is a stretch in which nobody is sure
    curves = np.stack([valence, np.full(len(valence), 0.5)], axis=1)
    times_s, quadrants = find_turns(curves, 2.0 * len(valence))
    assert times_s.tolist() == [20.0, 40.0]
    assert quadrants.tolist() == [1, 2, 1]


# ------------------------------------------------------------------------- streams and references


class _Clock:
    """A detector that closes a segment every 100 frames, ten frames late."""

    delay = 10

    def reset(self) -> None:
        self._start = 0

    def update(self, frames: FeatureFrames) -> list[Segment]:
        found = []
        hop = frames.layout.hop_length
        for frame in range(frames.first, frames.first + len(frames)):
            if frame % 100 == 99:
                stop = (frame - 9) * hop
                found.append(Segment(self._start, stop, 0.5, (frame + 1) * hop))
                self._start = stop
        return found


class _Fixed:
    """A studio whose only medley is two noises, the second of another colour."""

    made = 0

    def mix(self, medley: Medley, *, matched: bool) -> Mix:
        self.made += 1
        rng = np.random.default_rng(0)
        noise = rng.normal(0, 0.05, 20 * RATE)
        noise[10 * RATE :] = np.convolve(noise, np.ones(40) / 8, "same")[10 * RATE :]
        truth = Truth(np.asarray([10.0]), np.asarray([1]), np.asarray([3]), 20.0, 1)
        return Mix(noise.astype(np.float32), truth)


MEDLEY = Medley("noises", "turns", "panda_4q", 0, 0.0, (Piece("a"), Piece("b")))


def test_a_stream_is_made_once_and_is_then_what_the_extractor_hears(tmp_path: Path) -> None:
    studio = _Fixed()
    for _ in range(2):
        stream = StreamStore(studio, tmp_path).stream(MEDLEY, matched=True)
    assert studio.made == 1
    samples = studio.mix(MEDLEY, matched=True).samples
    np.testing.assert_array_equal(stream.samples, samples)
    np.testing.assert_array_equal(
        stream.values, FeatureExtractor(max_block=len(samples)).push(samples).values
    )
    assert stream.truth.turns_s.tolist() == [10.0]
    assert stream.truth.quadrant_at(np.asarray([3.0, 12.0])).tolist() == [1, 3]


def test_decisions_are_in_seconds_and_lags_are_from_the_instant_that_they_mark(tmp_path) -> None:
    stream = StreamStore(_Fixed(), tmp_path).stream(MEDLEY, matched=True)
    found = decide(_Clock(), stream)
    hop_s = 256 / RATE
    assert found.stops_s[0] == pytest.approx(90 * hop_s)
    assert found.decided_s[0] == pytest.approx(100 * hop_s)
    assert len(found.within(0.1).stops_s) == 0
    assert len(found.within(0.11).stops_s) == len(stream.values) // 100


@pytest.mark.parametrize("name", ["foote", "kernel", "agglomerative"])
def test_every_offline_method_finds_a_change_of_colour(name: str, tmp_path: Path) -> None:
    stream = StreamStore(_Fixed(), tmp_path).stream(MEDLEY, matched=True)
    found_s = REFERENCES[name](stream.values, stream.layout, stream.truth)
    assert np.abs(found_s - 10.0).min() < 0.5
    assert len(found_s) <= 3


# -------------------------------------------------------------------------------------- quadrants


class _Loud:
    """A model for which dull music is sad and all other happy; it knows after a restart at once."""

    name, digest, delay = "loud", "0" * 12, 0

    def reset(self) -> None:
        self.heard: list[np.ndarray] = []
        self.restarts: list[int] = []

    def restart(self, stop: int) -> None:
        self.restarts.append(stop)
        self.heard = self.heard[-1:]

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        self.heard.append(np.asarray(frames["centroid"]).mean())
        happy = float(np.mean(self.heard) > 3000.0)
        sign = 2.0 * happy - 1.0
        state = AffectState(
            valence=sign,
            arousal=sign,
            quadrant_probabilities=(happy, 0.0, 1.0 - happy, 0.0),
            confidence=1.0,
            source="music",
            stop=frames.stop,
            sample_rate=RATE,
        )
        return [state]


def test_who_restarts_at_the_turn_is_right_sooner_and_a_labelled_hit_needs_both_sides(
    tmp_path: Path,
) -> None:
    stream = StreamStore(_Fixed(), tmp_path).stream(MEDLEY, matched=True)
    found = Decisions(np.asarray([10.0]), np.asarray([12.0]))
    counted = labels.count(_Loud(), stream, found)
    assert (counted.hits, counted.found, counted.turns) == (1, 1, 1)
    share = counted.right[:, 0] / counted.right[:, 1]
    detected, never, at_once = share.tolist()
    assert never < detected < at_once
    assert at_once > 0.9
    since = counted.since[:, :, 0]
    assert since[2, 1:].all()
    assert not since[1].any()
    assert since[0].tolist() == [0.0, 0.0, 1.0, 1.0, 1.0]
    figures = labels.collect([counted])
    assert figures["label-aware F within 3 s"] == [1.0, 1.0, 1.0]
    wrong = Decisions(np.asarray([5.0]), np.asarray([6.0]))
    assert labels.count(_Loud(), stream, wrong).hits == 0


# ------------------------------------------------------------------------------ command and page


def test_the_page_shows_what_the_results_say() -> None:
    page = report.README.read_text(encoding="utf-8")
    assert report.BEGIN in page
    assert report.with_table(page, report.read()) == page


def test_an_unknown_detector_is_refused_with_those_that_exist(capsys) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["tarot", "--data", "x", "--cache", "y", "--folds", "z"])
    assert exit_.value.code == 2
    assert "shape" in capsys.readouterr().err


def test_data_that_is_not_there_is_one_line_and_exit_2(tmp_path: Path, capsys) -> None:
    here = str(tmp_path)
    assert main(["shape", "--data", here, "--cache", here, "--folds", here]) == 2
    message = capsys.readouterr().err
    assert message.startswith("error: ")
    assert message.count("\n") == 1
