"""Settings of the segmenter: the paper's limits, and what is refused."""

import math
from dataclasses import replace

import pytest

from dsp.segmenter_settings import SegmenterSettings


@pytest.mark.parametrize("rule", ["energy", "rhythm"])
def test_the_limits_are_the_papers(rule: str) -> None:
    settings = SegmenterSettings(symmetric=False)
    low, high = {"energy": (0.6, 1.4), "rhythm": (0.8, 1.2)}[rule]
    printed = (getattr(settings, f"{rule}_low"), getattr(settings, f"{rule}_high"))
    assert printed == (low, high)
    assert settings.log_limits(*printed) == (math.log(low), math.log(high))
    even = replace(settings, symmetric=True).log_limits(*printed)
    assert even == (math.log(low), -math.log(low))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recent_s", 0.0),
        ("recent_s", 5.1),
        ("past_s", math.inf),
        ("energy_low", 1.0),
        ("energy_high", 1.0),
        ("rhythm_low", -0.1),
        ("rhythm_high", math.nan),
        ("shape_limit", 0.0),
        ("hysteresis", 1.1),
        ("min_segment_s", -1.0),
        ("silence_db", 0.0),
        ("min_silence_s", 0.0),
        ("min_onset_rate", 0.0),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name_and_range(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"{field} must be .*\.\."):
        SegmenterSettings(**{field: value})


def test_an_unknown_rule_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="rule must be one of shape, energy, rhythm, either, both"):
        SegmenterSettings(rule="loudness")  # type: ignore[arg-type]


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="block must be False for rule 'shape'"):
        SegmenterSettings(block=True)
    with pytest.raises(ValueError, match="past_s must be recent_s"):
        SegmenterSettings(recent_s=3.0, past_s=2.0)


def test_settings_for_long_sections_are_the_defaults() -> None:
    assert SegmenterSettings.for_sections(20.0) == SegmenterSettings()
    with pytest.raises(ValueError, match="section_s must be above 0"):
        SegmenterSettings.for_sections(0.0)
