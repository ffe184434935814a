"""The benchmark of boundaries: its lists, its sound and truth, its figures against mir_eval's."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import mir_eval
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.features import FeatureExtractor
from dsp.types import FeatureFrames, Segment
from models.training.boundaries import TEST_FOLDS, TUNING_FOLD, conditions, labels, report
from models.training.boundaries.__main__ import main
from models.training.boundaries.build import LOUDNESS_LUFS, Mix, Truth, at_loudness, join
from models.training.boundaries.consensus import find_turns
from models.training.boundaries.draw import FADES_S, Drawer
from models.training.boundaries.medleys import Medley, MedleyList, Piece, read_list, write_list
from models.training.boundaries.references import REFERENCES
from models.training.boundaries.scores import Bench, Judged, match
from models.training.boundaries.streams import Decisions, StreamStore, decide
from models.training.corpora import Clip
from models.training.render import RATE
from models.training.takes import Corpus
from models.types import AffectState

# -------------------------------------------------------------------------------------- the lists


@pytest.mark.parametrize("name", ["test", "tuning"])
def test_a_list_names_each_stream_once_and_no_folders(name) -> None:
    medleys = read_list(name).medleys
    assert len({medley.name for medley in medleys}) == len(medleys)
    clips = [piece.clip for medley in medleys for piece in medley.pieces]
    assert not any("/" in clip or "\\" in clip for clip in clips)


def test_the_test_list_has_200_medleys_of_8_to_12_stretches_of_8_to_30_seconds() -> None:
    medleys = [m for m in read_list("test").medleys if m.kind in ("turns", "kin")]
    assert len(medleys) == 200
    assert sum(medley.corpus == "panda_4q" for medley in medleys) == 100
    for medley in medleys:
        assert 8 <= len(medley.pieces) <= 12
        between = np.asarray([piece.length_s for piece in medley.pieces]) - medley.fade_s
        assert between.min() >= 8.0 - 1e-6
        assert between.max() <= 30.0 + 1e-6
    turning = [medley.fade_s for medley in medleys if medley.kind == "turns"]
    assert {fade: turning.count(fade) for fade in FADES_S} == dict.fromkeys(FADES_S, 40)


def test_no_clip_of_the_test_list_may_be_learned_from_or_chosen_by() -> None:
    test, tuning = read_list("test").medleys, read_list("tuning").medleys
    assert {m.fold for m in test if m.corpus != "vgmidi"} == {*TEST_FOLDS}
    assert {m.fold for m in tuning} == {TUNING_FOLD}
    assert not any(medley.corpus == "vgmidi" for medley in tuning)

    def clips(medleys) -> set[tuple[str, str]]:
        return {(m.corpus, piece.clip) for m in medleys for piece in m.pieces}

    assert not clips(test) & clips(tuning)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    medley = Medley("a", "turns", "emopia", 1, 0.5, (Piece("x.mid", 1.5, 10.0), Piece("y.mid")))
    write_list("test", MedleyList({"emopia": "0123"}, (medley, medley)), tmp_path)
    assert read_list("test", tmp_path) == MedleyList({"emopia": "0123"}, (medley, medley))


def corpus(folder: Path, n: int = 24) -> Corpus:
    """Recordings of 20 s by eight artists, three each, of all quadrants."""
    clips = []
    for i in range(n):
        path = folder / f"{i}.wav"
        soundfile.write(path, np.zeros(20 * 1000, np.float32), 1000)
        clips.append(Clip(path, i % 4 + 1, f"artist {i // 3}", "panda_4q"))
    found = Corpus("panda_4q", clips)
    found.__dict__["folds"] = np.zeros(n, dtype=int)
    return found


@pytest.mark.parametrize("kind", ["turns", "kin"])
def test_neighbours_in_a_medley_are_of_other_artists_and_turn_or_do_not(kind, tmp_path) -> None:
    found = corpus(tmp_path)
    of = {clip.path.name: clip for clip in found.clips}
    drawer = Drawer(found, 0, np.random.default_rng(0))
    for number in range(20):
        medley = drawer.medley(f"{number}", kind, 1.0)
        for piece in medley.pieces:
            assert piece.start_s >= 0.0
            assert piece.start_s + piece.length_s <= 20.0
        for one, other in pairwise(of[piece.clip] for piece in medley.pieces):
            assert one.group != other.group
            assert (one.quadrant == other.quadrant) == (kind == "kin")


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


# --------------------------------------------------------------------------------------- figures


def intervals(times_s: np.ndarray, stop_s: float) -> np.ndarray:
    edges = np.concatenate([[0.0], times_s, [stop_s]])
    return np.stack([edges[:-1], edges[1:]], axis=1)


_TIMES = st.lists(st.integers(10, 990), max_size=25, unique=True).map(
    lambda tenths: np.sort(np.asarray(tenths, dtype=float)) / 10.0
)


@settings(max_examples=200, deadline=None)
@given(turns_s=_TIMES, found_s=_TIMES, window_s=st.sampled_from([0.55, 1.05, 3.05]))
def test_hit_rates_are_those_of_mir_eval(turns_s, found_s, window_s) -> None:
    if not len(turns_s) or not len(found_s):
        assert match(turns_s, found_s, window_s) == []
        return
    precision, recall, f = mir_eval.segment.detection(
        intervals(turns_s, 100.0), intervals(found_s, 100.0), window_s, trim=True
    )
    truth = Truth(turns_s, np.ones(len(turns_s), int), np.full(len(turns_s), 2), 100.0)
    rate = Bench([Judged(truth, Decisions(found_s, found_s + 1.0))]).hit_rate(window_s)
    assert rate["precision"][0] == pytest.approx(precision, abs=1e-4)
    assert rate["recall"][0] == pytest.approx(recall, abs=1e-4)
    assert rate["F"][0] == pytest.approx(f, abs=1e-4)


def judged(*found: tuple[float, float]) -> Judged:
    """Turns at 10, 30 and 50 s of a minute; a junction of equal quadrants at 40 s."""
    truth = Truth(
        np.asarray([10.0, 30.0, 40.0, 50.0]),
        np.asarray([1, 2, 3, 3]),
        np.asarray([2, 3, 3, 4]),
        60.0,
    )
    times_s = np.asarray(found, dtype=float).reshape(-1, 2)
    return Judged(truth, Decisions(times_s[:, 0], times_s[:, 1]))


def test_delay_counts_from_the_turn_and_error_from_the_nearest_decision() -> None:
    bench = Bench([judged((10.2, 12.0), (28.0, 33.0), (30.1, 35.0), (49.0, 58.0))])
    assert bench.quantile("error", 0.5)[0] == pytest.approx(0.2)
    assert bench.quantile("delay", 0.5)[0] == pytest.approx(5.0)
    assert bench.quantile("delay", 0.95)[0] == pytest.approx(8.0)


def test_false_alarms_are_decisions_without_a_turn_a_minute_and_junctions_count_as_announced() -> (
    None
):
    bench = Bench([judged((10.0, 11.0), (20.0, 21.0), (40.0, 41.0))])
    assert bench.false_alarms()[0] == pytest.approx(2.0)
    assert bench.announced()[0] == pytest.approx(0.5)


def test_a_decision_that_comes_late_is_no_hit_for_a_host_that_waits_less() -> None:
    bench = Bench([judged((10.0, 11.0), (30.0, 34.0), (50.0, 53.0))])
    by_lag = dict(zip((0.5, 1.0, 3.0, 5.0), (0.0, 2 / 4, 4 / 5, 1.0), strict=True))
    for lag_s, expected in by_lag.items():
        assert bench.hit_rate(3.0, lag_s=lag_s)["F"][0] == pytest.approx(expected, abs=1e-3)


def test_what_is_known_in_time_but_said_late_counts_less_as_reported() -> None:
    bench = Bench([judged((10.0, 12.0), (30.0, 34.0), (50.0, 52.0))])
    assert bench.hit_rate(3.0)["F"][0] == 1.0
    assert bench.hit_rate(3.0, reported=True)["F"][0] == pytest.approx(2 / 3, abs=1e-3)


def test_intervals_hold_the_figure_and_one_stream_leaves_no_doubt() -> None:
    good, bad = judged((10, 11), (30, 31), (50, 51)), judged((20, 21))
    value, low, high = Bench([good, bad, good, bad, good]).hit_rate(3.0)["F"]
    assert low < value < high
    assert Bench([good]).hit_rate(3.0)["F"] == [1.0, 1.0, 1.0]


def test_offline_methods_have_no_delay() -> None:
    late = judged((10.0, np.inf), (30.0, np.inf), (50.0, np.inf))
    assert Bench([late]).quantile("delay", 0.5) is None
    figures = conditions.examine(conditions.CONDITIONS[0], [late])
    assert figures["F within 3 s"] == [1.0, 1.0, 1.0]
    assert figures["delay p50, s"] is None


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
