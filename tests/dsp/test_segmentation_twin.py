"""The segmenter on random music: its naive twin, contiguous segments, any split of frames."""

import numpy as np
import pytest

from dsp.segmentation import PAPER, Segmenter, SegmenterSettings
from dsp.segmenter_settings import RULES
from tests import naive_segmentation as naive
from tests.dsp.frames import HOP, LAYOUT, N_MELS, feed, hops


def scene(seed: int, seconds: float = 30.0) -> np.ndarray:
    """Random music: sections of their own spectrum, level and beat, with pauses and silences."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < hops(seconds):
        n = int(rng.integers(hops(0.3), hops(7.0)))
        part = np.zeros((n, LAYOUT.width))
        level = rng.uniform(-40, -10)
        colour = rng.normal(0, 6, N_MELS)
        part[:, LAYOUT.span("log_mel")] = level + colour + rng.normal(0, 4, (n, N_MELS))
        part[:, LAYOUT.span("energy")] = level + rng.normal(0, 2, (n, 1))
        part[:, LAYOUT.span("onset")] = rng.exponential(0.5, (n, 1))
        part[:: rng.integers(8, 60), LAYOUT.span("onset")] += 8.0
        if rng.random() < 0.3:
            part[:, LAYOUT.span("energy")] = rng.choice([-120.0, -62.0, -57.0])
        parts.append(part)
    return np.concatenate(parts).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "settings",
    [
        SegmenterSettings.for_sections(3.0),
        SegmenterSettings(min_segment_s=2.0, shape_limit=1.5, past_s=6.0),
        SegmenterSettings(rule="energy", recent_s=1.0, min_segment_s=1.0, symmetric=False),
        SegmenterSettings(rule="rhythm", recent_s=2.0, min_segment_s=0.0),
        SegmenterSettings(rule="either", recent_s=1.5, min_silence_s=0.5),
        SegmenterSettings(rule="both", recent_s=1.0, hysteresis=0.5, min_segment_s=0.0),
        PAPER,
    ],
    ids=["sections", "shape", "energy", "rhythm", "either", "both", "paper"],
)
def test_the_segmenter_equals_its_naive_twin(settings: SegmenterSettings, seed: int) -> None:
    values = scene(100 + seed)
    found = feed(Segmenter(LAYOUT, settings), values)
    expected = naive.boundaries(
        values[:, LAYOUT.span("log_mel")],
        values[:, LAYOUT.span("energy").start],
        values[:, LAYOUT.span("onset").start],
        settings,
    )
    assert expected
    assert [(s.stop // HOP, s.decided // HOP - 1) for s in found] == [
        (b.hop, b.decided) for b in expected
    ]
    assert [s.strength for s in found] == pytest.approx([b.strength for b in expected], abs=1e-9)


def test_segments_are_contiguous_from_the_start_to_the_end_of_the_stream() -> None:
    values = scene(11, 60.0)
    segmenter = Segmenter(LAYOUT, SegmenterSettings.for_sections(4.0))
    found = feed(segmenter, values)
    last = segmenter.finish()
    assert last is not None
    assert len(found) > 3
    assert [0, *(s.stop for s in found)] == [*(s.start for s in found), last.start]
    assert last.stop == last.decided == len(values) * HOP
    assert all(s.decided >= s.stop > s.start for s in found)
    assert segmenter.finish() is None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("sizes", [(1, 17, 509), (509, 1)])
def test_segments_do_not_depend_on_how_frames_are_batched(
    rule: str, sizes: tuple[int, ...]
) -> None:
    values = scene(12, 25.0)
    settings = SegmenterSettings(rule=rule, recent_s=1.0, past_s=4.0, min_segment_s=1.0)
    whole = feed(Segmenter(LAYOUT, settings), values)
    assert len(whole) > 2
    assert feed(Segmenter(LAYOUT, settings), values, sizes) == whole


def test_a_reset_segmenter_equals_a_new_one() -> None:
    values = scene(13)
    settings = SegmenterSettings.for_sections(3.0)
    used = Segmenter(LAYOUT, settings)
    feed(used, scene(14)[:1231], (17, 509))
    used.reset()
    new = Segmenter(LAYOUT, settings)
    assert feed(used, values) == feed(new, values)
    assert used.finish() == new.finish()
