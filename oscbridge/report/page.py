"""The report as one HTML page that needs nothing else: no script, no network, no other file.

Conventions
-----------
Everything from the record is escaped. The page follows the reader's choice of light or dark. It
claims nothing that one session cannot show: no cause, no health.
"""

from __future__ import annotations

import math
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from oscbridge.body.effect import Effect, measure, recovery_slope
from oscbridge.readable import minutes, signed
from oscbridge.report.charts import draw_comparison, draw_course, draw_plane, mean_of
from oscbridge.report.comparison import ALIKE, BLOCK_S, LEAST, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oscbridge.report.comparison import Comparison
    from oscbridge.report.course import Course, Request

GOOD, BAD = ("done", "started"), ("rejected", "expired")
UNKNOWN = "–"
MOST_DECISIONS = 500


def build_page(course: Course, name: str) -> str:
    """The report of a session.

    Parameters
    ----------
    course : Course
        The session.
    name : str
        Of its file, for the title.

    Returns
    -------
    str
        A whole HTML document.
    """
    style = resources.files("oscbridge.report").joinpath("page.css").read_text("utf-8")
    parts = [_head(course, name), _over_time(course), _plane(course), _requests(course)]
    parts += [_comparison(compare(course)), _heart(course), _decisions(course), _reading(course)]
    body = "\n".join(filter(None, parts))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)} – oscbridge report</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _head(course: Course, name: str) -> str:
    began = [one for one in course.requests if one.started_s is not None]
    facts = [
        ("length", minutes(course.length_s)),
        ("felt, mean valence", _number(mean_of(course.felt[0], course))),
        ("music, mean valence", _number(mean_of(course.music[0], course))),
        ("requests", str(len(course.requests))),
        ("of them played", str(len(began))),
    ]
    rows = "".join(f"<div><dt>{key}</dt><dd>{value}</dd></div>" for key, value in facts)
    heard = f" · heard: {escape(course.begun.input)}" if course.begun else ""
    told = ", ".join(f"{escape(source)} {count:,}×" for source, count in course.sources.items())
    who = f"Who told how the player feels: {told}." if told else "Nobody told how the player feels."
    lost = f" {course.damaged} damaged lines of the record are missing." if course.damaged else ""
    when = f"{escape(course.head.started)}{heard} · recorded by oscbridge"
    return (
        f"<header><h1>{escape(name)}</h1>\n"
        f'<p class="dim">{when} {escape(course.head.version)}</p>\n'
        f'<dl class="facts">{rows}</dl>\n<p class="dim">{who}{lost}</p></header>'
    )


def _over_time(course: Course) -> str:
    caption = (
        "Felt: what the player felt, as oscbridge put it together from all who told. Music: what "
        "it expressed. Diamonds: what was asked for. A request is a thin line until its music "
        "began, then a bar until other music was asked for and began; red: rejected or expired; "
        "grey: cancelled, or still open."
    )
    label = "Valence and arousal of player and music over time, with the requests for other music"
    return _section("Felt, asked for, played", _figure(draw_course(course), label, caption))


def _plane(course: Course) -> str:
    caption = (
        "Means of ten seconds or more. Round: the beginning; square: the end; diamonds: asked for."
    )
    label = "Paths of player and music through the plane of valence and arousal"
    strategies = "".join(
        f"<tr><td>{minutes(at_s)}</td><td>{escape(name)}</td></tr>"
        for at_s, name in course.strategy
    )
    beside = (
        _table(("from", "strategy"), strategies)
        if strategies
        else '<p class="dim">No strategy was on: whatever was asked for, people asked for.</p>'
    )
    figure = _figure(draw_plane(course), label, caption, small=True)
    return _section("In the plane", f'<div class="two">{figure}<div>{beside}</div></div>')


def _requests(course: Course) -> str:
    if not course.requests:
        return _section("Requests", "<p>No other music was asked for.</p>")
    rows = "".join(_request_row(one) for one in course.requests)
    head = ("at", "id", "music", "valence", "arousal", "by", "began after", "in the end")
    return _section("Requests, and what became of them", _table(head, rows))


def _request_row(one: Request) -> str:
    wait = UNKNOWN if one.started_s is None else f"{one.started_s - one.at_s:.1f} s"
    kind = "good" if one.end in GOOD else "bad" if one.end in BAD else "dim"
    return (
        f"<tr><td>{minutes(one.at_s)}</td><td>{one.id}</td><td>{escape(one.label)}</td>"
        f"<td>{signed(one.valence)}</td><td>{signed(one.arousal)}</td><td>{escape(one.reason)}</td>"
        f'<td>{wait}</td><td class="{kind}">{escape(one.end)}</td></tr>'
    )


def _comparison(found: Comparison | None) -> str:
    title = "Within this session: with other music, and without"
    if found is None:
        few = (
            f"Not enough to compare: that takes {LEAST} requests whose music began, each with "
            "what was felt before and after it, and moments at which the player felt alike and no "
            "other music began."
        )
        return _section(title, f'<p class="dim">{few}</p>')
    mean, low, high = found.difference
    words = (
        f"After other music had begun ({found.compared} of {found.began} times could be compared), "
        f"valence changed by {signed(found.with_music)} on average; at moments of the same session "
        f"at which the player had felt alike (to within {ALIKE:g}) and no other music began, by "
        f"{signed(found.without)}. The difference is {signed(mean)}, 95 % {signed(low)} to "
        f"{signed(high)} (moving blocks of {BLOCK_S} s)."
    )
    zero = "The interval holds 0: this session shows no difference." if low <= 0.0 <= high else ""
    caveat = (
        "This is no effect of the music. Nothing was assigned at random; music is asked for when "
        "something has happened, and what happened may pass by itself. For an effect, compare "
        "sessions with and without the policy, in random order, with several people."
    )
    label = "Change of valence with and without other music, and the difference with its interval"
    figure = _figure(draw_comparison(found), label, "", small=True)
    return _section(title, f'<p>{words} {zero}</p>{figure}<p class="note">{caveat}</p>')


def _heart(course: Course) -> str:
    if not course.pulses:
        return ""
    found = measure(course.pulses, course.resting) if course.resting else None
    slope = recovery_slope(course.pulses)
    trend = "" if slope is None else f" Over the session it changed by {slope:+.1f} a minute."
    if found is None:
        lack = "a rate at rest" if not course.resting else "a minute after the fastest half"
        words = f"The coefficients of Jiang et al. (2023) need {lack}, which is not there.{trend}"
        return _section("Heart", f'<p class="dim">{words}</p>')
    return _section("Heart: the coefficients of Jiang et al. (2023)", _coefficients(found, trend))


def _coefficients(found: Effect, trend: str) -> str:
    suitable = "large enough (above 0.1)" if found.suitable else "too small (0.1 or less)"
    rows = [
        ("ε = (β − m) / m", f"{found.rationality:.2f}", f"how roused the heart was; {suitable}"),
        ("μ = |α − β| / β", f"{found.variation:.2f}", "by how much it has changed since"),
        ("m", f"{found.resting:.0f} a minute", "at rest"),
        ("β", f"{found.roused:.0f} a minute", "the fastest half minute"),
        ("α", f"{found.settled:.0f} a minute", "the last minute"),
    ]
    cells = "".join(
        f"<tr><td>{key}</td><td>{value}</td><td>{what}</td></tr>" for key, value, what in rows
    )
    note = (
        "A heart that was roused calms down without music, too: μ alone says nothing about music. "
        "The study had one person and no control. Nothing here is a medical measurement."
    )
    return f'{_table(("", "", ""), cells)}<p>{trend}</p><p class="note">{note}</p>'


def _decisions(course: Course) -> str:
    if not course.decisions:
        return ""
    shown = course.decisions[:MOST_DECISIONS]
    rows = "".join(
        f"<tr><td>{minutes(at_s)}</td><td>{escape(words)}</td></tr>" for at_s, words in shown
    )
    more = len(course.decisions) - len(shown)
    rest = f'<p class="dim">and {more:,} more</p>' if more else ""
    return _section("What the policy decided, and why", _table(("at", ""), rows) + rest)


def _reading(course: Course) -> str:
    settings = course.begun.settings.get("policy", {}) if course.begun else {}
    strategy = f" Strategy at the start: {escape(str(settings['strategy']))}." if settings else ""
    return (
        "<footer><p>What is felt is an estimate from sensors that err, what music expresses is an "
        f"estimate of a model.{strategy} Made by <code>oscbridge report</code>.</p></footer>"
    )


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{title}</h2>\n{inside}</section>"


def _figure(svg: str, label: str, caption: str, *, small: bool = False) -> str:
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)
    kind = ' class="small"' if small else ""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure{kind}>{svg}{below}</figure>"


def _table(head: Sequence[str], rows: str | Iterable[str]) -> str:
    cells = "".join(f"<th>{one}</th>" for one in head)
    return (
        f'<div class="table"><table><thead><tr>{cells}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _number(value: float) -> str:
    return UNKNOWN if math.isnan(value) else signed(value)
