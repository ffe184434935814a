"""The analyzer: the straight line from blocks to results, whatever their size and rate."""

import numpy as np
import pytest

from dsp.types import AudioBlock, FeatureFrames
from models.training.fixture import FIXTURE_S, build_fixture
from models.types import AffectState
from oscbridge.analyzer import LONGEST_GAP_S, Analyzer
from oscbridge.errors import SettingsError
from oscbridge.events import Boundary, Event, SegmentEnded, SignalLevel, State
from tests import naive

RATES = [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000]


def run(
    samples: np.ndarray,
    rate: int,
    sizes: tuple[int, ...] = (4096,),
    analyzer: Analyzer | None = None,
) -> tuple[list[State | Event], Analyzer]:
    """All results of a recording that arrives in pieces."""
    analyzer = analyzer or Analyzer(rate)
    results: list[State | Event] = []
    start = 0
    for piece in naive.pieces(samples, sizes):
        results += analyzer.push(AudioBlock(piece, start, rate))
        start += len(piece)
    return results + analyzer.finish(), analyzer


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the gate: what arithmetic makes here is no music to it."""
    monkeypatch.setattr("models.music.MusicGate.update", lambda gate, pool: 1.0)


@pytest.mark.parametrize("sizes", [(1, 17, 509), (256,), (8192,), (100000,)])
@pytest.mark.parametrize("rate", [24000, 44100])
def test_no_split_changes_a_result_or_their_order(rate: int, sizes: tuple[int, ...]) -> None:
    music = build_fixture(rate)[: 5 * rate + 7]
    assert run(music, rate, sizes)[0] == run(music, rate)[0]


@pytest.mark.parametrize("rate", RATES)
def test_the_same_music_at_any_rate_is_much_the_same(rate: int) -> None:
    def middle(at: int) -> AffectState:
        states = [r for r in run(build_fixture(at), at)[0] if isinstance(r, AffectState)]
        return min(states, key=lambda s: abs(s.time_s - 7.5))

    expected, found = middle(48000), middle(rate)
    assert found.music == 1.0
    assert abs(found.time_s - expected.time_s) < 0.02
    if rate >= 22050:  # below, the highest bands are really missing
        assert abs(found.valence - expected.valence) < 0.15
        assert abs(found.arousal - expected.arousal) < 0.15


def test_results_come_in_the_order_in_which_they_became_known() -> None:
    results, _ = run(build_fixture(24000), 24000)
    known = [
        r.decided if isinstance(r, Boundary) else r.stop
        for r in results
        if isinstance(r, AffectState | SignalLevel | Boundary)
    ]
    assert known == sorted(known)


def test_segments_tile_the_stream_and_the_last_one_ends_with_it() -> None:
    rate = 44100
    music = build_fixture(rate)[:-3]
    segments = [r for r in run(music, rate)[0] if isinstance(r, SegmentEnded)]
    assert segments[0].start == 0
    assert [s.start for s in segments[1:]] == [s.stop for s in segments[:-1]]
    assert segments[-1].stop == len(music) * 24000 // rate
    assert [s.id for s in segments] == list(range(len(segments)))


def test_the_level_of_a_full_scale_tone_is_almost_one_and_of_silence_zero() -> None:
    t = np.arange(24000) / 24000
    tone = np.sin(2 * np.pi * 750 * t).astype(np.float32)
    levels = [r for r in run(tone, 24000)[0] if isinstance(r, SignalLevel)]
    assert levels[-1].level == pytest.approx(1 - 3.01 / 60, abs=1e-3)
    quiet = [r for r in run(tone * 0, 24000)[0] if isinstance(r, SignalLevel)]
    assert {(q.level, q.onset) for q in quiet} == {(0.0, 0.0)}


def test_a_gap_is_as_long_as_it_is_and_silent_and_no_boundary() -> None:
    rate = 24000
    music = build_fixture(rate)[: 2 * rate]
    gap = 3 * rate
    analyzer = Analyzer(rate)
    results = analyzer.push(AudioBlock(music, 0, rate))
    results += analyzer.push(AudioBlock(music, len(music) + gap, rate, gap=gap))
    results += analyzer.finish()
    silence = np.zeros(gap, np.float32)
    heard, _ = run(np.concatenate([music, silence, music]), rate)
    levels = [r for r in results if isinstance(r, SignalLevel)]
    assert levels == [r for r in heard if isinstance(r, SignalLevel)]
    assert [r for r in heard if isinstance(r, Boundary)]
    assert not [r for r in results if isinstance(r, Boundary)]
    assert analyzer.summary().duration_s == 7.0


def test_an_endless_gap_does_not_stop_the_show() -> None:
    rate = 24000
    analyzer = Analyzer(rate)
    results = analyzer.push(AudioBlock(np.zeros(rate, np.float32), 0, rate, gap=100_000 * rate))
    assert max(r.stop for r in results) <= (LONGEST_GAP_S + 1) * rate


def test_the_summary_is_the_mean_of_what_was_heard() -> None:
    results, analyzer = run(build_fixture(24000), 24000)
    heard = [r for r in results if isinstance(r, AffectState) and r.quadrant]
    weights = [s.music for s in heard]
    mean = np.average([s.quadrant_probabilities for s in heard], axis=0, weights=weights)
    summary = analyzer.summary()
    assert summary.duration_s == FIXTURE_S
    assert summary.quadrant_probabilities == pytest.approx(tuple(mean))
    assert summary.valence == pytest.approx(mean[0] + mean[3] - mean[1] - mean[2])
    assert summary.quadrant in (1, 2, 3, 4)


def test_silence_has_a_summary_without_a_quadrant() -> None:
    _, analyzer = run(np.zeros(48000, np.float32), 24000)
    assert analyzer.summary().quadrant == 0
    assert analyzer.summary().valence == 0.0


def test_reset_is_a_new_stream() -> None:
    music = build_fixture(24000)
    first, analyzer = run(music, 24000, (5000, 123))
    analyzer.reset()
    assert run(music, 24000, analyzer=analyzer)[0] == first


def test_the_feature_frames_can_be_watched() -> None:
    seen: list[int] = []
    analyzer = Analyzer(24000, on_frames=lambda frames: seen.append(len(frames)))
    run(build_fixture(24000), 24000, analyzer=analyzer)
    assert sum(seen) == analyzer.stats.frames == FIXTURE_S * 24000 // 256


def test_the_ledger_names_every_share() -> None:
    shares = Analyzer(44100).latency()
    assert [s.stage for s in shares] == ["resampler", "hop", "window", "model"]
    assert all(s.seconds > 0 for s in shares)
    assert Analyzer(24000).latency()[0].seconds == 0


@pytest.mark.parametrize("rate", [24000, 44100])
def test_an_impulse_shows_in_the_features_when_the_ledger_says(rate: int) -> None:
    block = 32
    clicks = np.arange(rate // 2, 8 * rate, rate // 6 + 101)  # at every phase of every buffer
    sound = np.zeros(9 * rate, np.float32)
    sound[clicks] = 1.0
    heard, told = 0, list[tuple[int, float]]()

    def watch(frames: FeatureFrames) -> None:
        told.extend((heard, float(row.sum())) for row in frames["log_mel"])

    analyzer = Analyzer(rate, on_frames=watch)
    for start in range(0, len(sound), block):
        heard = start + block
        analyzer.push(AudioBlock(sound[start : start + block], start, rate))
    waits_s = []
    for click in clicks:
        near = [(power, at) for at, power in told if 0 < at - click < rate // 7]
        waits_s.append((max(near)[1] - click) / rate)  # the window is centred on the click
    share_s = {share.stage: share.seconds for share in analyzer.latency()}
    declared_s = share_s["resampler"] + share_s["hop"] + share_s["window"]
    slack_s = block / rate + 0.001
    assert declared_s - 1.5 * share_s["hop"] <= max(waits_s) <= declared_s + slack_s


def test_a_state_comes_as_often_as_the_ledger_says() -> None:
    analyzer, block, at = Analyzer(24000), 32, list[int]()
    music = build_fixture(24000)[: 3 * 24000]
    for start in range(0, len(music), block):
        results = analyzer.push(AudioBlock(music[start : start + block], start, 24000))
        at += [start + block for r in results if isinstance(r, AffectState)]
    share_s = {share.stage: share.seconds for share in analyzer.latency()}
    assert max(np.diff(at)) / 24000 == pytest.approx(share_s["model"], abs=block / 24000)


def test_an_unknown_model_is_refused_with_what_exists() -> None:
    with pytest.raises(SettingsError, match=r"no model 'musik'. Did you mean 'music'\?"):
        Analyzer(24000, model="musik")


def test_a_block_of_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="44100"):
        Analyzer(48000).push(AudioBlock(np.zeros(10, np.float32), 0, 44100))


def test_a_stream_of_one_segment_has_one_mean() -> None:
    results, analyzer = run(build_fixture(24000)[: 3 * 24000], 24000)
    (segment,) = [r for r in results if isinstance(r, SegmentEnded)]
    assert analyzer.summary().valence == pytest.approx(segment.valence)
    assert analyzer.summary().arousal == pytest.approx(segment.arousal)
