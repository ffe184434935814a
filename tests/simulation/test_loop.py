"""The simulated loop: its players, its host and its watchman against what is known of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from oscbridge import orders as do
from oscbridge.asking.settings import PolicySettings
from oscbridge.errors import SettingsError
from oscbridge.feeling.kinds import KINDS as SENSORS
from oscbridge.feeling.pool import PRIOR_SD
from oscbridge.protocol import SIGNALS
from oscbridge.saying.music_request import RequestSettings, ask, messages_of
from oscbridge.simulation.host import Host
from oscbridge.simulation.plane import Point
from oscbridge.simulation.player import KINDS, Player, find_kind
from oscbridge.simulation.run import Plan, simulate
from oscbridge.simulation.scores import estimate, ratio, score
from oscbridge.simulation.senses import CAMERA
from oscbridge.simulation.study import Design, conduct
from oscbridge.simulation.watch import Watch

MUSIC = Point(0.6, -0.2)


def player(kind: str, **changes: float) -> Player:
    traits = replace(KINDS[kind], restless=0.0, **changes)  # type: ignore[arg-type]
    return Player(traits, np.random.default_rng(1))


def after(who: Player, music: Point, seconds: float, tick_s: float = 0.01) -> Point:
    for _ in range(round(seconds / tick_s)):
        who.step(music, tick_s)
    return who.felt


@pytest.mark.parametrize("kind", ["positive", "weak", "contrarian"])
def test_without_noise_a_player_follows_the_solution_of_its_equation(kind):
    who = player(kind)
    traits, rest, start = who.traits, who.rest, who.felt
    for axis in (0, 1):
        rate = traits.returns + traits.answers[axis]
        end = (traits.returns * rest[axis] + traits.answers[axis] * who.sign * MUSIC[axis]) / rate
        truth = end + (start[axis] - end) * np.exp(-rate * 30.0)
        assert who.foresee(MUSIC, 30.0)[axis] == pytest.approx(truth)
    foreseen = who.foresee(MUSIC, 30.0)
    assert after(who, MUSIC, 30.0) == pytest.approx(foreseen, abs=1e-3)


def test_a_reactant_turns_against_a_sudden_change_and_not_against_a_slow_one():
    calm, sudden = player("reactant"), player("reactant")
    for who in (calm, sudden):
        after(who, Point(-0.4, 0.2), 10.0)
    for step in range(20):
        after(calm, Point(-0.4 + 0.05 * step, 0.2), 2.0)
        assert calm.sign == 1.0
    after(sudden, Point(0.6, 0.2), 1.0)
    assert sudden.sign == -1.0
    after(sudden, Point(0.6, 0.2), 30.0)
    assert sudden.sign == 1.0


def test_an_unknown_kind_of_player_is_refused_with_the_list():
    with pytest.raises(SettingsError, match=r"no kind of player 'wek'.*'weak'"):
        find_kind("wek")


def test_a_sensor_explains_the_share_of_the_truth_that_its_kind_says():
    random = np.random.default_rng(0)
    truth = random.normal(0.0, PRIOR_SD, (20_000, 2)).clip(-1.0, 1.0)
    errors = random.standard_normal(truth.shape)
    told = [CAMERA.reads(Point(*a), e, 1.0) for a, e in zip(truth, errors, strict=True)]
    for axis, share in enumerate(SENSORS["camera"].shares(CAMERA.confidence)):
        r = np.corrcoef(truth[:, axis], np.array(told)[:, axis])[0, 1]
        assert r**2 == pytest.approx(share, abs=0.03)


def request(number: int, quantise: str = "bar", fade_beats: float = 4.0) -> list:
    settings = RequestSettings(fade_beats=fade_beats)
    wanted = ask(settings, 0.5, -0.5, urgency=0.5, quantise=quantise, reason="player")
    return messages_of(number, wanted, "relaxed")


def test_the_host_turns_on_the_bar_fades_for_the_beats_asked_for_and_says_so():
    host = Host(Point(-0.5, 0.5), np.random.default_rng(0))
    assert host.take(request(7), 3.0) == [do.AckRequest(7, "queued", 1.0)]  # bars of two seconds
    assert host.update(3.9) == []
    assert host.update(4.0) == [do.AckRequest(7, "started")]
    before = host.music
    assert host.update(5.0) == []
    assert before.valence < host.music.valence < 0.4
    assert host.update(6.0) == [do.AckRequest(7, "done")]
    assert host.music.distance(Point(0.5, -0.5)) < 0.4


def test_the_host_forgets_what_is_cancelled_before_it_starts():
    host = Host(Point(0.0, 0.0), np.random.default_rng(0))
    host.take(request(7, "8bar"), 3.0)
    host.take([SIGNALS["request/cancel"].message(7)], 4.0)
    assert host.update(60.0) == []
    assert host.music == Point(0.0, 0.0)


def watchman(**settings: float) -> Watch:
    return Watch(PolicySettings(strategy="iso", **settings))  # type: ignore[arg-type]


def state(number: int, word: str) -> list:
    return [SIGNALS["request/state"].message(number, word)]


def test_the_watchman_sees_every_rule_that_is_broken():
    watch = watchman(per_minute=2)
    watch.read([*request(1), *state(1, "sent")], 0.0)
    assert not watch.violations
    watch.read(request(2), 1.0)
    assert watch.violations == {"outstanding": 1}
    watch.read(state(2, "started"), 2.0)
    watch.read(request(3), 12.0)
    assert watch.violations == {"outstanding": 1, "dwell": 1, "rate": 1}

    watch = watchman()
    watch.hear([do.MakeRequest(0.0, 0.0, reason="user")], 0.0)
    watch.read(request(1), 30.0)
    watch.hear([do.OptOut(True)], 200.0)
    watch.read([*state(1, "done"), *request(2)], 201.0)
    assert watch.violations == {"chosen": 1, "opt_out": 1}

    watch = watchman()
    watch.hear([do.Pulse("heart_rate", 100.0, 70.0)], 0.0)
    watch.read([SIGNALS["arousal"].message(-0.6)], 0.0)
    watch.read(request(1), 1.0)
    assert watch.violations == {"excitement": 1}


def test_a_run_is_the_same_for_the_same_seed_and_two_drivers_meet_the_same_player():
    first, again = (simulate(Plan("noisy", "iso", 3, 60.0)) for _ in range(2))
    assert first.felt.tobytes() == again.felt.tobytes()
    assert first.asked == again.asked
    other = simulate(Plan("noisy", "no change", 3, 60.0))
    until = round(first.asked[0][0] / 0.25)
    assert until > 10
    assert first.felt[:until].tobytes() == other.felt[:until].tobytes()
    assert simulate(Plan("noisy", "iso", 4, 60.0)).felt.tobytes() != first.felt.tobytes()


def test_nothing_is_asked_for_by_the_policy_that_is_off():
    assert simulate(Plan("positive", "no change", 0, 120.0)).asked == []


@pytest.mark.parametrize("driver", ["match", "iso", "compensate", "iso+bandit"])
def test_no_strategy_ever_breaks_a_rule_whatever_people_and_hosts_do(driver):
    for kind in KINDS:
        course = simulate(Plan(kind, driver, 11, 260.0, wrong=0.2, incidents=True))
        assert not course.violations
        asked_s = [at_s for at_s, target in course.asked if target != Point(-0.3, 0.3)]
        assert max(asked_s) < 200.0  # then the player opts out


def test_the_oracle_is_never_slower_than_the_plans_that_it_could_follow():
    times_s = {
        driver: np.mean([score(simulate(Plan("positive", driver, s))).time_s for s in range(3)])
        for driver in ("no change", "guided playlist", "oracle")
    }
    assert times_s["oracle"] < times_s["guided playlist"] < times_s["no change"] == 300.0


def test_the_interval_of_a_mean_covers_the_truth_as_often_as_it_says():
    random = np.random.default_rng(5)
    covered = 0
    for seed in range(300):
        low, high = estimate(random.normal(10.0, 3.0, 30), seed)[1:]
        covered += low <= 10.0 <= high
    assert 0.90 <= covered / 300 <= 0.98  # a percentile bootstrap of 30 is a little narrow
    assert ratio(np.array([2.0, 4.0]), np.array([1.0, 2.0])).mean == pytest.approx(2.0)


def test_a_study_has_every_cell_and_counts_every_kind_the_same():
    design = Design(("positive", "weak"), ("shuffle", "iso"), seeds=2, seconds=120.0)
    study = conduct(design)
    assert sum(map(len, study.scores.values())) == design.count
    mean_s = np.mean([study.of("iso", "time_s", kind=kind) for kind in design.kinds], axis=0)
    assert study.of("iso", "time_s") == pytest.approx(mean_s)
    assert study.regret("oracle") == pytest.approx(np.zeros(2))
    names = [goal.name for goal in study.goals()]
    assert names[0] == "violations of dwell and safety"
    assert len(names) == 3
