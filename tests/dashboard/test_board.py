"""What each page is told: everything that counts, once, however slow it is."""

from __future__ import annotations

import base64
import json
from typing import Any

from oscbridge.dashboard.board import Board, Page
from oscbridge.dashboard.history import KEPT_S, MOST_EVENTS, TICK_HZ
from oscbridge.dashboard.records import About, Answer, Column, Health, Introduce, Turned, Values


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def a_board() -> tuple[Board, Clock]:
    clock = Clock()
    board = Board(clock)
    about = About("demo", ("?", "happy", "tense", "sad", "relaxed"), {"smoothing_s": 0.0})
    board.take(Introduce("", about, "1.0", "abcd"))
    return board, clock


def say(board: Board, *said: tuple[str, tuple[int | float | str, ...]]) -> None:
    board.take(Values("", said))


def told(board: Board, page: Page) -> list[dict[str, Any]]:
    return [json.loads(text) for text in board.tell(page)]


def test_the_first_text_says_who_speaks_and_how_everything_is() -> None:
    board, _ = a_board()
    say(board, ("va", (0.5, -0.5)), ("quadrant", (4,)))
    (hello,) = told(board, board.join())
    assert hello["kind"] == "hello"
    assert hello["session"] == "abcd"
    assert hello["streams"][""]["values"] == {"va": [0.5, -0.5], "quadrant": [4]}
    assert hello["streams"][""]["about"]["title"] == "demo"
    assert "subscribe" not in hello["inlets"]


def test_a_slow_page_misses_what_was_overtaken_but_no_event() -> None:
    board, _ = a_board()
    slow, quick = board.join(), board.join()
    told(board, slow)
    told(board, quick)
    for step in range(50):
        say(board, ("va", (step / 50, 0.0)), ("segment/boundary", (step, 100, 0.5)))
        (news,) = told(board, quick)
        assert news["streams"][""]["values"] == {"va": [step / 50, 0.0]}
    (news,) = told(board, slow)
    assert news["streams"][""]["values"] == {"va": [0.98, 0.0]}
    assert [args[0] for _, _, args in news["streams"][""]["events"]] == list(range(50))
    assert told(board, slow) == []


def test_what_is_said_again_is_no_news() -> None:
    board, _ = a_board()
    page = board.join()
    say(board, ("tempo", (120.0,)))
    told(board, page)
    say(board, ("tempo", (120.0,)))
    assert told(board, page) == []


def test_answers_are_for_the_page_that_asked() -> None:
    board, _ = a_board()
    one, other = board.join(), board.join()
    told(board, one)
    told(board, other)
    board.take(Answer(one.number, 7, "not now"))
    board.take(Answer(999, 7, "nobody is there"))
    assert told(board, one) == [{"kind": "answer", "number": 7, "reason": "not now"}]
    assert told(board, other) == []


def test_the_last_minutes_are_kept_and_no_more() -> None:
    board, clock = a_board()
    say(board, ("valence", (0.25,)), ("confidence", (0.5,)))
    for second in range(int(2 * KEPT_S)):
        clock.now_s = float(second)
        say(board, ("segment/boundary", (second, 0, 1.0)))
        board.take(Column("", bytes([second % 256])))
        for _ in range(int(TICK_HZ)):
            board.tick()
    (hello,) = told(board, board.join())
    stream = hello["streams"][""]
    assert len(stream["ticks"]) == KEPT_S * TICK_HZ
    assert stream["events"][0][0] >= KEPT_S - 1
    assert len(stream["events"]) <= MOST_EVENTS
    at_s, valence, arousal, confidence, *_, column = stream["ticks"][-int(TICK_HZ)]
    assert (at_s, valence, arousal, confidence) == (2 * KEPT_S - 1, 25, None, 50)
    assert base64.b64decode(column) == bytes([int(2 * KEPT_S - 1) % 256])
    assert stream["ticks"][-1][-1] == ""  # a column is shown once


def test_what_somebody_turns_is_shown_to_all() -> None:
    board, _ = a_board()
    page = board.join()
    told(board, page)
    board.take(Turned("", "Adjust", {"name": "smoothing_s", "value": 2.5}))
    board.take(Turned("", "Rename", {"quadrant": 1, "label": "glücklich"}))
    board.take(Turned("", "Freeze", {"hold": True}))
    (news,) = told(board, page)
    about = news["streams"][""]["about"]
    assert about["settings"] == {"smoothing_s": 2.5}
    assert about["labels"][1] == "glücklich"
    assert about["freeze"]["hold"] is True


def test_streams_are_told_apart() -> None:
    board, _ = a_board()
    board.take(Values("drums", (("tempo", (90.0,)),)))
    board.take(Health("crowd", 1.0, {"blocks": 3}, (), ()))
    (hello,) = told(board, board.join())
    assert hello["streams"]["drums"]["values"] == {"tempo": [90.0]}
    assert hello["streams"]["crowd"]["health"]["stats"] == {"blocks": 3}


def test_who_has_left_is_told_no_more() -> None:
    board, _ = a_board()
    page = board.join()
    told(board, page)
    board.leave(page)
    page.news.clear()
    say(board, ("tempo", (120.0,)))
    assert not page.news.is_set()
    assert board.pages == 0
