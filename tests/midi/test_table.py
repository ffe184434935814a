"""The map itself: nothing twice, nothing that a signal or an inlet does not know."""

from __future__ import annotations

from oscbridge.inlets import INLETS
from oscbridge.midi.table import (
    CONTROLS,
    KNOBS,
    LEARN_NEXT,
    LEARNABLE,
    NOTES,
    SAYING_NOTES,
    TRIGGERS,
    markdown,
)
from oscbridge.protocol import SIGNALS

RESERVED = set(range(120, 128)) | {0, 6, 32, 38, 64, 96, 97, 98, 99, 100, 101}
"""Controls that mean something to every instrument."""


def test_no_number_is_used_twice_and_none_is_taken_by_midi_itself() -> None:
    sent = [row.number for row in CONTROLS.values()]
    sent += [row.lsb for row in CONTROLS.values() if row.lsb is not None]
    taken = [*KNOBS, LEARN_NEXT]
    assert len({*sent, *taken}) == len(sent) + len(taken)
    assert not {*sent, *taken} & RESERVED
    notes = [row.number for row in NOTES.values()]
    assert len(set(notes)) == len(notes)


def test_lower_bits_are_where_midi_has_them() -> None:
    assert all(row.lsb == row.number + 32 for row in CONTROLS.values() if row.lsb is not None)


def test_controls_have_the_range_of_their_signal() -> None:
    rows = [row for row in CONTROLS.values() if not row.name.startswith("label/")]
    assert len(rows) == 12
    for row in rows:
        (arg,) = SIGNALS[row.name].args
        assert (row.low, row.high) == (arg.low, arg.high)


def test_neutral_is_within_reach_of_the_signal() -> None:
    for row in CONTROLS.values():
        assert 0 <= row.neutral <= row.top
        if row.low == -1.0:
            assert row.position(0.0, 127) == row.neutral == 64


def test_knobs_turn_what_inlets_take() -> None:
    for row in KNOBS.values():
        for inlet in row.inlets:
            for position in range(128):
                value = row.value(position)
                assert INLETS[inlet].read([value]) == (value,)


def test_all_that_is_sent_can_be_learned_labels_among_it() -> None:
    assert {note.name for note in TRIGGERS} <= set(LEARNABLE)
    assert {f"label/{n}" for n in range(1, 9)} <= set(LEARNABLE)
    assert len(set(LEARNABLE)) == len(LEARNABLE) == 36


def test_notes_say_what_inlets_take() -> None:
    for name, arguments, _ in SAYING_NOTES.values():
        assert INLETS[name].read(arguments) == arguments


def test_the_table_for_people_names_each_control_and_note() -> None:
    shown = markdown()
    for row in (*CONTROLS.values(), *NOTES.values()):
        if row.name in LEARNABLE:
            assert f"{row.number}" in shown
            assert row.meaning in shown
