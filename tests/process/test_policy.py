"""When other music is asked for, with invented clocks: what happens, and what never does."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.asking.course import UNDER_WAY
from oscbridge.asking.gates import Gate, Pace
from oscbridge.asking.settings import STRATEGIES, PolicySettings, StrategyName
from oscbridge.asking.strategies import NEUTRAL, Point, walked, within
from oscbridge.fusion import Feeling, Fusion
from oscbridge.orders import (
    AskNow,
    CancelRequest,
    Command,
    Felt,
    Goal,
    InContext,
    MakeRequest,
    OptOut,
    Pulse,
    Skip,
    UseStrategy,
)
from oscbridge.policy import MOVING, Decision, Music, Policy

STEP_S = 0.25
SAD = (-0.6, -0.4)
HAPPY = (0.5, 0.3)


def feeling(valence: float, arousal: float, *sources: str) -> Feeling:
    fusion = Fusion()
    for source in sources or ("osc",):
        fusion.update(Felt(source, valence, arousal, 0.4 if source == "camera" else 1.0), 0.0)
    return fusion.feeling(0.0)


@dataclass
class Loop:
    """A policy, a clock, and a host that answers as it is told."""

    policy: Policy
    music: Music | None = None
    follows: bool = True  # the music becomes what was asked for
    answers: tuple[str, ...] = ("queued", "started", "done")
    now_s: float = 0.0
    decisions: list[tuple[float, Decision]] = field(default_factory=list[tuple[float, Decision]])
    _due: list[tuple[float, str, MakeRequest]] = field(
        default_factory=list[tuple[float, str, MakeRequest]]
    )

    def go_on(self, seconds: float, felt: Feeling, pulse: Pulse | None = None) -> None:
        """Let time pass; an answer comes a second after the other."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            while self._due and self._due[0][0] <= self.now_s:
                _, state, request = self._due.pop(0)
                self.policy.progress(state, self.now_s)
                if state == "started" and self.follows:
                    self.music = Music(request.valence, request.arousal)
            decision = self.policy.update(felt, self.music, self.now_s, pulse)
            self.decisions.append((self.now_s, decision))
            if decision.request is not None:
                self._due = [
                    (self.now_s + place, state, decision.request)
                    for place, state in enumerate(("sent", *self.answers))
                ]
            if decision.cancel:
                self._due.clear()
                self.policy.progress("cancelled", self.now_s)
            self.now_s += STEP_S

    def forget(self) -> None:
        """What the host would have answered does not come any more."""
        self._due.clear()

    @property
    def requests(self) -> list[tuple[float, MakeRequest]]:
        return [(at_s, d.request) for at_s, d in self.decisions if d.request is not None]

    @property
    def rules(self) -> list[str]:
        """Rules that decided, one after the other."""
        rules = [decision.rule for _, decision in self.decisions]
        return [rules[0], *(after for before, after in pairwise(rules) if after != before)]


def loop(strategy: StrategyName = "iso", **limits: object) -> Loop:
    own = PolicySettings(strategy=strategy, **limits)  # type: ignore[arg-type]
    return Loop(Policy(own), Music(0.5, 0.5))


def targets(run: Loop) -> list[Point]:
    return [Point(request.valence, request.arousal) for _, request in run.requests]


def test_by_default_nothing_is_ever_asked_for() -> None:
    run = Loop(Policy())
    run.go_on(300.0, feeling(*SAD))
    assert run.requests == []
    assert run.rules == ["off"]


def test_a_bad_feeling_has_to_last_for_five_seconds() -> None:
    run = loop()
    for _ in range(5):
        run.go_on(6.0, feeling(*HAPPY))
        run.go_on(4.0, feeling(*SAD))
    run.go_on(6.0, feeling(*HAPPY))
    assert run.requests == []
    began_s = run.now_s
    run.go_on(10.0, feeling(*SAD))
    (waited_s,) = (at_s - began_s for at_s, _ in run.requests)
    assert 5.0 <= waited_s <= 5.0 + run.policy.settings.steady_s / 2.0 + STEP_S


def test_one_reading_in_five_may_be_wrong() -> None:
    run = loop("match")
    for second in range(60):
        run.go_on(1.0, feeling(0.9, 0.9) if second % 5 == 3 else feeling(*SAD))
    assert targets(run) == [pytest.approx(SAD, abs=0.01)]


def test_the_gate_closes_later_and_lower_than_it_opens() -> None:
    gate = Gate()
    opened: list[bool] = []
    for second, probability in enumerate([0.69] * 10 + [0.7] * 7 + [0.51] * 10 + [0.49] * 7):
        gate.update(probability, 0.7, 5.0, float(second))
        opened.append(gate.open)
    assert opened.index(True) == 15
    assert opened.index(False, 15) == 32


def test_match_asks_for_music_like_the_player_and_follows_only_far_moves() -> None:
    run = loop("match")
    run.go_on(40.0, feeling(*SAD))
    assert targets(run) == [pytest.approx(SAD, abs=0.01)]
    run.go_on(40.0, feeling(SAD[0], SAD[1] + 0.2))
    assert len(run.requests) == 1, "a target that moved by less than 0.25 is the old one"
    run.go_on(40.0, feeling(SAD[0], SAD[1] + 0.4))
    assert len(run.requests) == 2


def test_compensate_asks_for_the_goal_at_once_and_once() -> None:
    run = loop("compensate", goal_valence=0.4, goal_arousal=-0.2, heed=False)
    run.music = Music(-0.5, -0.5)
    run.go_on(120.0, feeling(*SAD))
    assert targets(run) == [(0.4, -0.2)]


def answered(run: Loop, answer: float, seconds: int, pulse: Pulse | None = None) -> None:
    """Let a player be drawn within 25 s to ``answer`` times what the music expresses."""
    felt = SAD[0]
    for _ in range(seconds):
        assert run.music is not None
        felt += (answer * run.music.valence - felt) / 25.0
        run.go_on(1.0, feeling(felt, SAD[1]), pulse)


def test_who_feels_the_opposite_of_music_is_given_the_opposite_of_the_goal_and_told_why() -> None:
    run = loop("compensate", beyond=0.0)
    answered(run, -1.0, 90)
    assert targets(run) == [(0.5, 0.0), (-0.5, 0.0)]
    assert run.requests[1][0] < 60.0, "sooner than it would be stopped"
    (words,) = (said.words for _, said in run.decisions[1:] if "opposite" in said.words)
    assert "goes against what music expresses" in words
    assert run.rules[-1] == "fine"


def test_who_goes_along_with_music_or_is_not_to_be_heeded_is_given_the_goal_only() -> None:
    for answer, heed in ((1.0, True), (0.5, True), (-1.0, False)):
        run = loop("compensate", heed=heed)
        run.music = Music(-0.5, 0.2)
        answered(run, answer, 90)
        assert (-0.5, 0.0) not in targets(run)


def test_music_goes_beyond_the_goal_once_its_own_is_not_enough_and_comes_back() -> None:
    run = loop("compensate")
    run.music = Music(-0.5, 0.2)
    answered(run, 1.0, 120)
    first, beyond, back = targets(run)
    assert first == back == (0.5, 0.0)
    assert 0.75 < beyond.valence <= 1.0
    assert run.requests[1][0] >= run.requests[0][0] + run.policy.settings.dwell_s
    told = [said.words for _, said in run.decisions if said.request is not None]
    assert "beyond the goal" in told[1]
    assert "comes back to the goal" in told[2]
    assert run.rules[-1] == "fine"


def test_who_answers_weakly_is_kept_beyond_the_goal_and_nobody_where_it_is_not_wanted() -> None:
    weak, plain = loop("compensate"), loop("compensate", beyond=0.0)
    for run in (weak, plain):
        run.music = Music(-0.5, 0.2)
        answered(run, 0.5, 200)
    assert len(targets(weak)) == 2
    assert targets(weak)[1].valence > 0.75
    assert targets(plain) == [(0.5, 0.0)]


def test_who_goes_against_music_is_led_beyond_the_opposite_and_back_to_it() -> None:
    run = loop("compensate")
    answered(run, -1.0, 120)
    assert [round(target.valence, 1) for target in targets(run)] == [0.5, -0.5, -0.8, -0.5]


def test_one_sensor_alone_leads_nobody_far_beyond_the_goal() -> None:
    run = loop("compensate")
    run.go_on(120.0, feeling(-0.9, -0.4, "text"))
    assert all(target.distance(NEUTRAL) <= 0.6 + 1e-9 for target in targets(run))


def test_a_choice_of_a_person_is_not_taken_back_to_the_goal() -> None:
    run = loop("compensate")
    run.music = Music(-0.5, 0.2)
    answered(run, 1.0, 35)
    assert targets(run)[-1].valence > 0.75
    run.policy.told(Skip(), run.now_s)
    run.forget()
    asked = len(run.requests)
    run.go_on(200.0, feeling(*HAPPY))
    assert len(run.requests) == asked


def test_who_is_led_the_other_way_has_a_minute_for_it_and_is_stopped_then() -> None:
    run = loop("compensate")
    for second in range(150):
        run.go_on(1.0, feeling(-0.3 - 0.004 * second, -0.2))
    (first_s, first), (turned_s, turned), *_ = run.requests
    stopped_s = min(at_s for at_s, said in run.decisions if said.rule in ("stop", "stopped"))
    assert (first.valence, turned.valence) == (0.5, -0.5)
    assert first_s + 65.0 < stopped_s <= turned_s + 60.0, "whatever is tried in between"


def test_who_answers_to_no_music_is_given_the_opposite_once_and_then_left_with_the_goal() -> None:
    run = loop("compensate")
    run.go_on(600.0, feeling(*SAD))
    assert targets(run) == [(0.5, 0.0), (-0.5, 0.0), (0.5, 0.0)]


def test_the_opposite_is_no_more_exciting_either_while_the_heart_is_fast() -> None:
    run = loop("compensate", goal_arousal=0.8)
    run.music = Music(0.5, -0.3)
    run.policy.told(AskNow(), 0.0)
    answered(run, -1.0, 90, Pulse("heart_rate", 100.0, 70.0))
    assert -0.5 in {target.valence for target in targets(run)}
    assert all(target.arousal <= -0.3 for target in targets(run))


def test_iso_matches_first_and_then_walks_to_the_goal_arousal_first_in_bounded_steps() -> None:
    run = loop("iso", goal_valence=0.5, goal_arousal=0.3)
    run.go_on(300.0, feeling(*SAD))
    path = targets(run)
    assert path[0] == pytest.approx(SAD, abs=0.01)
    assert path[-1] == pytest.approx((0.5, 0.3))
    for before, after in pairwise(path):
        assert before.distance(after) <= 0.25 + 1e-9
    flat = next(place for place, point in enumerate(path) if point.arousal > 0.3 - 1e-9)
    assert all(point.valence == path[0].valence for point in path[: flat - 1])
    assert min(b - a for (a, _), (b, _) in pairwise(run.requests)) >= 25.0
    assert run.rules[-1] == "near"


def test_iso_walks_at_once_where_the_music_matches_already() -> None:
    run = loop("iso")
    run.music = Music(SAD[0] + 0.1, SAD[1])
    run.go_on(6.0, feeling(*SAD))
    assert targets(run)[0] == pytest.approx(walked(Point(-0.5, -0.4), Point(0.5, 0.0), 0.25))


def test_the_walk_ends_where_the_player_feels_better() -> None:
    run = loop("iso")
    run.go_on(40.0, feeling(*SAD))
    asked = len(run.requests)
    run.go_on(120.0, feeling(*HAPPY))
    assert len(run.requests) == asked
    assert run.rules[-1] == "fine"


def test_what_has_not_begun_is_taken_back_when_the_player_feels_better() -> None:
    run = loop("match")
    run.answers = ("queued",)
    run.go_on(7.0, feeling(*SAD))
    run.go_on(10.0, feeling(*HAPPY))
    assert [decision.cancel for _, decision in run.decisions].count(True) == 1
    assert "better" in run.rules


def test_the_director_is_the_game_whatever_the_player_feels() -> None:
    run = loop("director")
    run.go_on(60.0, feeling(*SAD))
    assert run.rules == ["director"]
    run.policy.told(Goal(-0.7, 0.8, 0.9), run.now_s)
    run.go_on(1.0, Feeling())
    ((_, request),) = run.requests
    assert (request.valence, request.arousal, request.urgency) == (-0.7, 0.8, 0.9)
    run.go_on(120.0, Feeling())
    assert len(run.requests) == 1


def test_where_nobody_tells_of_the_player_no_feeling_is_made_up() -> None:
    run = loop("director")
    run.policy.told(Goal(-0.7, 0.8), run.now_s)
    run.go_on(1.0, Feeling())
    (words,) = (decision.words for _, decision in run.decisions if decision.request is not None)
    assert "valence -0.70, arousal +0.80 by director" in words
    assert words.endswith("; nobody tells how the player feels.")


def test_a_game_that_changes_its_mind_is_followed_although_the_host_still_waits() -> None:
    run = loop("director")
    run.answers = ("queued",)
    run.policy.told(Goal(-0.7, 0.8), run.now_s)
    run.go_on(2.0, Feeling())
    run.policy.told(Goal(0.7, 0.2), run.now_s)
    run.go_on(60.0, Feeling())
    times = [at_s for at_s, _ in run.requests]
    assert len(times) == 2
    assert times[1] - times[0] >= 20.0


def test_a_wish_to_act_now_needs_no_bad_feeling_and_is_not_taken_back() -> None:
    run = loop("match")
    run.answers = ("queued",)
    run.policy.told(AskNow(), 0.0)
    run.go_on(10.0, feeling(-0.05, -0.5))
    assert len(run.requests) == 1
    assert not any(decision.cancel for _, decision in run.decisions)


@pytest.mark.parametrize("command", [Skip(), CancelRequest(None), MakeRequest(0.5, 0.5)])
def test_after_a_person_has_chosen_nothing_is_asked_for_for_a_minute(command: Command) -> None:
    run = loop("match")
    run.go_on(6.0, feeling(*SAD))
    run.policy.told(command, run.now_s)
    run.forget()
    chosen_s = run.now_s
    run.go_on(100.0, feeling(*SAD))
    assert [at_s - chosen_s >= 60.0 for at_s, _ in run.requests[1:]] == [True]


@pytest.mark.parametrize("state", ["rejected", "expired"])
def test_a_host_that_failed_is_left_alone_for_a_while_and_asked_for_the_same_again(
    state: str,
) -> None:
    run = loop("match", cooldown_s=45.0)
    run.answers, run.follows = ("queued", state), False
    run.go_on(90.0, feeling(*SAD))
    assert [at_s for at_s, _ in run.requests] == [5.0, 5.0 + 2.0 + 45.0]
    assert len(set(targets(run))) == 1


def test_a_host_that_never_answers_does_not_hold_the_walk_up() -> None:
    run = loop("iso")
    run.answers = ()
    run.go_on(120.0, feeling(*SAD))
    assert len(run.requests) >= 4


def test_in_a_menu_nothing_is_asked_for_and_in_combat_by_the_beat() -> None:
    run = loop("match")
    run.policy.told(InContext("menu"), 0.0)
    run.go_on(30.0, feeling(*SAD))
    assert run.requests == []
    run.policy.told(InContext("combat"), run.now_s)
    run.go_on(6.0, feeling(*SAD))
    assert [request.urgency for _, request in run.requests] == [0.75]


@pytest.mark.parametrize("name", ["cutscene", "Cut-scene", "CUT SCENE"])
def test_games_write_contexts_as_they_like(name: str) -> None:
    run = loop("match")
    run.policy.told(InContext(name), 0.0)
    run.go_on(30.0, feeling(*SAD))
    assert run.requests == []


def test_a_person_who_asks_for_it_ends_the_rest_after_a_choice() -> None:
    run = loop("match")
    run.policy.told(Skip(), 0.0)
    run.go_on(20.0, feeling(*SAD))
    assert run.requests == []
    run.policy.told(AskNow(), run.now_s)
    run.go_on(1.0, feeling(*SAD))
    assert len(run.requests) == 1


def test_little_is_known_so_nothing_is_asked_for() -> None:
    run = loop("match")
    fusion = Fusion()
    fusion.update(Felt("text", -0.8, -0.5, 0.6), 0.0)
    run.go_on(60.0, fusion.feeling(0.0))
    assert run.requests == []
    assert run.rules == ["unsure"]


def test_one_sensor_alone_never_leads_to_an_extreme() -> None:
    run = loop("match")
    run.go_on(6.0, feeling(-0.9, 0.9, "text"))
    assert targets(run)[0].distance(NEUTRAL) == pytest.approx(0.6)
    both = loop("match")
    both.go_on(6.0, feeling(-0.9, 0.9, "text", "camera"))
    assert targets(both)[0].distance(NEUTRAL) > 1.0


def test_while_the_heart_is_fast_no_strategy_makes_music_more_exciting() -> None:
    fast = Pulse("heart_rate", 100.0, 70.0)
    for strategy in STRATEGIES:
        run = loop(strategy, goal_valence=0.5, goal_arousal=0.8)
        run.policy.told(Goal(0.5, 0.8), 0.0)
        run.music = Music(0.3, -0.3)
        run.go_on(200.0, feeling(-0.6, 0.9), fast)
        assert all(target.arousal <= -0.3 for target in targets(run))
        calm = loop(strategy, goal_valence=0.5, goal_arousal=0.8)
        calm.policy.told(Goal(0.5, 0.8), 0.0)
        calm.go_on(200.0, feeling(-0.6, 0.9), Pulse("heart_rate", 75.0, 70.0))
        assert strategy == "off" or any(target.arousal > 0.5 for target in targets(calm))


def test_when_it_gets_worse_for_a_minute_it_is_stopped_with_neutral_music_once() -> None:
    run = loop("match", override_s=0.0)
    run.go_on(6.0, feeling(-0.3, -0.2))
    for step in range(80):
        run.go_on(1.0, feeling(-0.3 - 0.005 * step, -0.2))
    stops = [at_s for at_s, said in run.decisions if said.rule in ("stop", "stopped")]
    assert 60.0 <= stops[0] - run.requests[0][0] <= 65.0
    assert [said.rule for _, said in run.decisions].count("stop") == 1
    asked = len(run.requests)
    assert targets(run)[-1] == NEUTRAL
    run.go_on(90.0, feeling(-0.9, -0.2))
    assert len(run.requests) == asked
    assert run.rules[-1] == "stopped"
    run.policy.told(UseStrategy("iso"), run.now_s)
    run.go_on(30.0, feeling(-0.9, -0.2))
    assert len(run.requests) > asked, "a person may start it again"


def test_noise_alone_does_not_stop_it() -> None:
    dice = np.random.default_rng(5)
    run = loop("compensate")
    for _ in range(1800):
        run.go_on(1.0, feeling(-0.5 + float(dice.normal(0.0, 0.05)), -0.3))
    assert "stop" not in run.rules
    assert "stopped" not in run.rules


def test_who_opts_out_is_left_alone_whatever_the_strategy() -> None:
    run = loop("match")
    run.answers = ("queued",)
    run.go_on(7.0, feeling(*SAD))
    run.policy.told(OptOut(True), run.now_s)
    run.go_on(1.0, feeling(*SAD))
    assert any(decision.cancel for _, decision in run.decisions)
    for strategy in STRATEGIES:
        run.policy.told(UseStrategy(strategy), run.now_s)
        run.policy.told(AskNow(), run.now_s)
        run.go_on(30.0, feeling(*SAD))
    assert len(run.requests) == 1
    run.policy.told(OptOut(False), run.now_s)
    run.policy.told(UseStrategy("match"), run.now_s)
    run.go_on(30.0, feeling(*SAD))
    assert len(run.requests) == 2


points = st.builds(Point, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))


@given(points, points, st.floats(0.05, 0.5))
def test_a_step_is_never_longer_than_it_may_be_and_arrives_in_the_end(
    start: Point, goal: Point, step: float
) -> None:
    at, walk = start, [start]
    while at.distance(goal) > 1e-9 and len(walk) < 100:
        after = walked(at, goal, step)
        assert at.distance(after) <= step + 1e-9
        assert after.distance(goal) < at.distance(goal)
        if abs(goal.arousal - at.arousal) >= step:
            assert after.valence == pytest.approx(at.valence, abs=1e-6)
        at = after
        walk.append(at)
    assert len(walk) <= 4.0 / step + 2


@given(points, st.floats(0.1, 1.0))
def test_held_back_a_point_keeps_its_direction(point: Point, reach: float) -> None:
    held = within(point, reach)
    assert held.distance(NEUTRAL) <= reach + 1e-9
    assert held.valence * point.arousal == pytest.approx(held.arousal * point.valence, abs=1e-9)


@given(st.lists(st.floats(0.0, 40.0), max_size=60), st.floats(4.0, 60.0), st.integers(1, 5))
def test_pace_keeps_the_stay_and_the_limit_a_minute(
    pauses: list[float], stay_s: float, per_minute: int
) -> None:
    pace, now_s, asked = Pace(), 0.0, list[float]()
    for pause_s in pauses:
        now_s += pause_s
        if pace.wait_s(stay_s, per_minute, now_s) <= 0.0:
            pace.ask(now_s)
            asked.append(now_s)
    assert all(after - before >= stay_s - 1e-9 for before, after in pairwise(asked))
    for place, at_s in enumerate(asked):
        assert sum(at_s <= other < at_s + 60.0 for other in asked[place:]) <= per_minute


# Whatever happens.

moods = st.one_of(
    st.just(Feeling()),
    st.builds(
        feeling,
        st.floats(-1.0, 1.0),
        st.floats(-1.0, 1.0),
        st.sampled_from(["osc", "text", "camera", "game"]),
        st.sampled_from(["text", "camera", "osc"]),
    ),
    st.builds(lambda v, a: feeling(v, a, "text"), st.floats(-1.0, -0.3), st.floats(-1.0, 1.0)),
)
commands = st.one_of(
    st.builds(UseStrategy, st.sampled_from(STRATEGIES)),
    st.builds(OptOut, st.booleans()),
    st.builds(InContext, st.sampled_from(["", "menu", "combat"])),
    st.builds(Goal, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0)),
    st.sampled_from([Skip(), AskNow(), CancelRequest(None), MakeRequest(0.1, 0.1)]),
)
pulses = st.none() | st.builds(
    Pulse, st.just("heart_rate"), st.floats(40.0, 180.0), st.none() | st.floats(50.0, 90.0)
)
scenes = st.tuples(
    st.floats(1.0, 40.0),
    moods,
    st.none() | st.builds(Music, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0)),
    pulses,
    st.sampled_from([(), ("queued",), ("queued", "started", "done"), ("rejected",), ("expired",)]),
    st.none() | commands,
)
limits = st.builds(
    PolicySettings,
    strategy=st.sampled_from(STRATEGIES),
    dwell_s=st.sampled_from([4.0, 20.0]),
    per_minute=st.integers(1, 4),
    only_negative=st.booleans(),
    bandit=st.booleans(),
    heed=st.booleans(),
    beyond=st.sampled_from([0.0, 0.5, 1.0]),
    step_s=st.sampled_from([10.0, 25.0]),
    stop_s=st.sampled_from([20.0, 60.0]),
    goal_arousal=st.floats(-1.0, 1.0),
)


class Watch:
    """Looks at every decision with its own idea of what is allowed."""

    def __init__(self, own: PolicySettings) -> None:
        self.own = own
        self.strategy: str = own.strategy
        self.out = False
        self.context = ""
        self.fast_until_s = -math.inf
        self.chosen_s = -math.inf
        self.state = "done"
        self.answered = False
        self.asked: list[float] = []

    def told(self, command: Command, now_s: float) -> None:
        match command:
            case UseStrategy(name):
                self.strategy = name
            case OptOut(out):
                self.out = out
            case InContext(name):
                self.context = name
            case Skip() | CancelRequest() | MakeRequest():
                self.chosen_s, self.state = now_s, "done"
            case AskNow():
                self.chosen_s = -math.inf
            case _:
                pass

    def see(
        self, now_s: float, felt: Feeling, music: Music | None, pulse: Pulse | None, said: Decision
    ) -> None:
        if pulse is not None:
            rest = pulse.resting_bpm
            high = pulse.bpm > (rest * 1.2 if rest else 100.0)
            self.fast_until_s = now_s + 60.0 if high else -math.inf
        assert said.rule
        assert said.words.endswith(".")
        assert "\n" not in said.words
        request = said.request
        if request is None:
            return
        assert math.hypot(request.valence, request.arousal) <= math.sqrt(2.0) + 1e-9
        assert self.strategy != "off"
        assert not self.out
        assert self.context != "menu"
        assert now_s - self.chosen_s >= self.own.override_s
        if self.asked:
            assert now_s - self.asked[-1] >= self.own.dwell_s
        recent = [at_s for at_s in self.asked if now_s - at_s < 60.0]
        assert len(recent) < self.own.per_minute
        if self.answered and self.state in UNDER_WAY:
            assert said.rule == "ask"
            assert self.strategy in MOVING or self.own.bandit
        if now_s < self.fast_until_s:
            assert request.arousal <= (music.arousal if music is not None else 1.0) + 1e-9
        if said.rule == "ask" and self.strategy != "director":
            assert felt.known_bits >= self.own.least_bits
            if felt.channels < 2 and not felt.outright and now_s >= self.fast_until_s:
                assert math.hypot(request.valence, request.arousal) <= self.own.reach + 1e-9
        self.asked.append(now_s)
        self.state = "waiting"


@settings(max_examples=120, deadline=None)
@given(limits, st.lists(scenes, min_size=1, max_size=12))
def test_whatever_happens_no_rule_of_safety_and_no_limit_is_broken(
    own: PolicySettings,
    history: list[
        tuple[float, Feeling, Music | None, Pulse | None, tuple[str, ...], Command | None]
    ],
) -> None:
    policy, watch, now_s = Policy(own), Watch(own), 0.0
    due: list[tuple[float, str]] = []
    for seconds, felt, music, pulse, answers, command in history:
        if command is not None:
            policy.told(command, now_s)
            watch.told(command, now_s)
        end_s = now_s + seconds
        while now_s < end_s:
            while due and due[0][0] <= now_s:
                watch.state = due.pop(0)[1]
                watch.answered |= watch.state in ("queued", "started", "rejected")
                policy.progress(watch.state, now_s)
            said = policy.update(felt, music, now_s, pulse)
            watch.see(now_s, felt, music, pulse, said)
            if said.request is not None:
                due = [(now_s + i, state) for i, state in enumerate(("sent", *answers))]
            if said.cancel:
                due, watch.state = [], "cancelled"
                policy.progress("cancelled", now_s)
            now_s += 0.5
    assert len(watch.asked) <= 1.0 + now_s / own.dwell_s


@settings(max_examples=20, deadline=None)
@given(st.lists(scenes, min_size=1, max_size=8), st.integers(0, 9))
def test_the_same_history_and_seed_lead_to_the_same_decisions(
    history: list[tuple[float, Feeling, Music | None, Pulse | None, object, Command | None]],
    seed: int,
) -> None:
    both: list[list[Decision]] = []
    for _ in range(2):
        run = loop("iso", bandit=True, seed=seed)
        for seconds, felt, music, pulse, _, command in history:
            run.music = music
            if command is not None:
                run.policy.told(command, run.now_s)
            run.go_on(seconds, felt, pulse)
        both.append([decision for _, decision in run.decisions])
    assert both[0] == both[1]
