"""The house rules hold everywhere, and each of them can catch a breach."""

from __future__ import annotations

import pytest

from tests.house.rules import RULES, Rule
from tests.house.source import Source, sources

by_sentence = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence)


@by_sentence
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    breaches = [
        f"{source.path}:{line}: {what}"
        for source in sources()
        if rule.applies(source)
        for line, what in rule.find(source)
    ]
    assert not breaches, f"{rule.sentence}:\n  " + "\n  ".join(breaches)


@by_sentence
def test_the_rule_catches_a_breach(rule: Rule) -> None:
    assert list(rule.find(Source(rule.breach_path, rule.breach)))


def test_an_address_in_a_docstring_is_no_breach() -> None:
    rule = next(rule for rule in RULES if "protocol table" in rule.sentence)
    said = Source(
        "oscbridge/example.py", '"""Sends /oscbridge/valence."""\nEXAMPLES = "/oscbridge/x"'
    )
    assert not list(rule.find(said))


def test_the_pause_of_a_polling_loop_is_no_fixed_sleep() -> None:
    rule = next(rule for rule in RULES if rule.sentence == "tests do not sleep")
    polling = Source("tests/x.py", "import time\nwhile not done():\n    time.sleep(0.01)")
    assert not list(rule.find(polling))
