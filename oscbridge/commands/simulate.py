"""``oscbridge simulate``: the policy with players that are equations, against fixed plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.arguments import positive_int, positive_seconds
from oscbridge.commands.options import add_config_argument
from oscbridge.errors import SettingsError, unknown_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rich.table import Table

    from oscbridge.config import Config
    from oscbridge.simulation.scores import Estimate
    from oscbridge.simulation.study import Design, Goal, Study

SEEDS = 10
SECONDS = 300.0
LEAST_SECONDS = 120.0

DESCRIPTION = """\
Close the loop without people: simulated players feel, sensors that err tell of it, the policy of
your settings asks, a simulated host plays, and the players answer to the music. Each policy meets
the same players as fixed plans (no change, a playlist) and as an oracle that knows everything.

This tests control logic, not people: nobody knows whether anybody answers to music as these
equations do. What it shows is that the rules are kept, and what the policy does with noise, with
wrong readings and with players who do the opposite."""

EXAMPLES = """\
examples:
  oscbridge simulate                                   everything, a few minutes
  oscbridge simulate --plot loop.png                   and a picture
  oscbridge simulate --players contrarian reactant --drivers iso compensate "goal at once"
  oscbridge simulate --config my.toml --judge match    the policy of your settings
  oscbridge simulate --seeds 30 --json > study.json    for a paper

players (see oscbridge/simulation/player.py):
  positive    goes along with the music
  weak        goes along slowly
  contrarian  feels the opposite of what the music expresses
  reactant    goes along, but turns against the music after a large change of it
  noisy       is restless, and seen badly
  missing     each sensor is away 30 % of the time

Time to target: until the first minute in which valence is 0 or more on average has begun; who never
gets there counts with the whole length. Regret: how much farther from the goal than with the
oracle, on average. Figures are means over players and seeds with 95 % bootstrap intervals.
Exit status 0: all that was to be reached is reached; 1: it is not."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge simulate``."""
    parser.add_argument("--players", nargs="+", metavar="KIND", help="which (default: all)")
    parser.add_argument(
        "--drivers", nargs="+", metavar="NAME", help="who asks for music (default: all)"
    )
    parser.add_argument(
        "--judge",
        metavar="NAME",
        help="the strategy that the goals are about (default: that of the settings, else iso)",
    )
    parser.add_argument(
        "--seeds",
        type=positive_int,
        default=SEEDS,
        metavar="N",
        help=f"sessions of each player with each driver (default {SEEDS})",
    )
    parser.add_argument(
        "--seconds",
        type=positive_seconds,
        default=SECONDS,
        metavar="N",
        help=f"length of a session (default {SECONDS:g})",
    )
    parser.add_argument("--plot", type=Path, metavar="OUT.png", help="draw it (png, svg or pdf)")
    parser.add_argument("--json", action="store_true", help="one JSON object with all figures")
    add_config_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate; return 0, or 1 where something is not reached.

    Raises
    ------
    SettingsError
        An unknown player or driver, a session that is too short, a picture that cannot be written.
    MissingExtraError
        ``--plot`` without matplotlib.
    """
    from oscbridge.commands.settings import settings_of
    from oscbridge.offline.destinations import picture_paths
    from oscbridge.offline.progress import progress_bar
    from oscbridge.simulation.study import conduct

    picture_paths(args.plot, [""])
    config = settings_of(args)
    design = _design(args, config)
    with progress_bar("sessions", shown=not args.json) as advance:
        study = conduct(design, config.policy, advance)
    if args.plot is not None:
        from oscbridge.simulation.plot import save_picture

        save_picture(study, args.plot)
    if args.json:
        print(json.dumps(as_record(study), ensure_ascii=False))
    else:
        _print_tables(study)
    return int(not all(goal.reached for goal in study.goals()))


def _design(args: argparse.Namespace, config: Config) -> Design:
    """What is wanted, checked."""
    from oscbridge.simulation.drivers import ADAPTIVE, FIXED
    from oscbridge.simulation.player import KINDS
    from oscbridge.simulation.study import DEFAULT, Design

    if args.seconds < LEAST_SECONDS:
        raise SettingsError(f"a session needs {LEAST_SECONDS:g} s or more, not {args.seconds:g}.")
    kinds = _chosen(args.players, "kind of player", tuple(KINDS))
    drivers = _chosen(args.drivers, "driver", (*FIXED, *ADAPTIVE))
    strategy = config.policy.strategy
    judged = args.judge or (strategy if strategy in ADAPTIVE else DEFAULT)
    _chosen([judged], "strategy to judge", tuple(ADAPTIVE))
    if judged not in drivers:
        drivers = (*drivers, judged)
    return Design(kinds, drivers, args.seeds, args.seconds, judged)


def _chosen(names: Sequence[str] | None, what: str, known: tuple[str, ...]) -> tuple[str, ...]:
    for name in names or ():
        if name not in known:
            raise unknown_name(what, name, known)
    return tuple(dict.fromkeys(names)) if names else known


def as_record(study: Study) -> dict[str, object]:
    """All figures as plain numbers; intervals as [mean, low, high]."""
    from oscbridge.simulation.drivers import ORACLE
    from oscbridge.simulation.plot import CAVEAT
    from oscbridge.simulation.study import summary

    design = study.design
    drivers = dict.fromkeys((*design.drivers, ORACLE))
    return {
        "caveat": CAVEAT,
        "seeds": design.seeds,
        "seconds": design.seconds,
        "judged": design.judged,
        "shares": {
            driver: {
                "wrong readings": _rounded(study.degradation(driver)),
                **{plan: _rounded(study.against(driver, plan)) for plan in design.plans_against},
            }
            for driver in design.policies
        },
        "goals": [goal._asdict() | {"found": _rounded(goal.found)} for goal in study.goals()],
        "violations": study.violations,
        "drivers": {
            driver: {
                kind or "all": {
                    name: _rounded(found) for name, found in summary(study, driver, kind).items()
                }
                for kind in ("", *design.kinds)
            }
            for driver in drivers
        },
    }


def _rounded(found: Estimate) -> list[float]:
    return [round(value, 4) for value in found]


def _print_tables(study: Study) -> None:
    from rich.console import Console

    from oscbridge.simulation.drivers import ADAPTIVE, ORACLE
    from oscbridge.simulation.plot import CAVEAT
    from oscbridge.simulation.study import summary
    from oscbridge.terminal.tables import build_table

    design, console = study.design, Console(highlight=False)
    times = build_table("time to target", *(f">{kind}" for kind in design.kinds))
    rest = build_table(
        "all players", ">seconds", ">95 %", ">there", ">a minute", ">over", ">regret"
    )
    for driver in dict.fromkeys((*design.drivers, ORACLE)):
        if driver in (ORACLE, next(iter(ADAPTIVE))):
            times.add_section()
            rest.add_section()
        means_s = (study.of(driver, "time_s", kind=kind).mean() for kind in design.kinds)
        times.add_row(driver, *(f"{mean_s:.0f} s" for mean_s in means_s))
        found = summary(study, driver)
        rest.add_row(
            driver,
            f"{found['time_s'].mean:.0f}",
            f"{found['time_s'].low:.0f}-{found['time_s'].high:.0f}",
            f"{100.0 * found['reached'].mean:.0f} %",
            f"{found['per_minute'].mean:.1f}",
            f"{found['overshoot'].mean:.2f}",
            f"{found['regret'].mean:.2f}",
        )
    console.print(times)
    console.print(rest)
    seeds = f"{design.seeds} seed{'s' * (design.seeds != 1)}"
    sessions = f"{seeds}, sessions of {design.seconds:g} s"
    console.print(
        f"{sessions}. there: who got there; a minute: requests;\n"
        "over: beyond the goal; regret: farther from the goal than with the oracle.\n",
        style="dim",
    )
    console.print(_shares(study))
    for goal in study.goals():
        console.print(_in_words(goal), markup=False)
    console.print(f"\n{CAVEAT}", style="bold")


def _shares(study: Study) -> Table:
    """Times to target as shares: with wrong readings, and of each fixed plan's."""
    from oscbridge.terminal.tables import build_table

    design = study.design
    table = build_table(
        "time to target, over", ">wrong readings", *(f">{plan}" for plan in design.plans_against)
    )
    for driver in design.policies:
        shares = [study.against(driver, plan) for plan in design.plans_against]
        table.add_row(
            driver, *(f"{share.mean:.2f}" for share in (study.degradation(driver), *shares))
        )
    return table


def _in_words(goal: Goal) -> str:
    mark = "reached    " if goal.reached else "NOT REACHED"
    found = goal.found
    if goal.wanted == "none":
        return f"{mark} {goal.name}: {found.mean:.0f}"
    interval = f"{found.mean:.2f} ({found.low:.2f}-{found.high:.2f})"
    return f"{mark} {goal.name}: {interval}\n            wanted: {goal.wanted}"
