"""What people see: plane, lines, numbers, spectrogram."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.events import Boundary, Status
from oscbridge.fusion import Feeling
from oscbridge.labels import Labels
from oscbridge.offline.spectrogram import MAX_COLUMNS, Spectrogram
from oscbridge.readable import minutes, printable, signed
from oscbridge.snapshot import OutputState, Snapshot
from oscbridge.terminal.live_view import LEAST_COLUMNS, LEAST_ROWS, LiveView
from oscbridge.terminal.plain_view import PlainView, PlainViews
from oscbridge.terminal.plane import HEIGHT, WIDTH, draw_plane
from oscbridge.terminal.streams_view import StreamsView

HEARD = Status("listening", "song.wav")


def moment(elapsed_s: float, **changes: object) -> Snapshot:
    values: dict[str, object] = {
        "known": True,
        "status": HEARD,
        "elapsed_s": elapsed_s,
        "outputs": (OutputState("osc", 12, 0, ""),),
    }
    return Snapshot(**(values | changes))  # type: ignore[arg-type]


def plain_lines(*moments: Snapshot) -> list[str]:
    stream = io.StringIO()
    view = PlainView("song.wav", stream)
    for now in moments:
        view.update(now)
    view.close()
    return stream.getvalue().splitlines()


def test_without_a_terminal_each_change_is_one_line_and_the_rest_every_two_seconds() -> None:
    steady = [moment(0.1 * tick, quadrant=1, label="happy") for tick in range(51)]
    lines = plain_lines(*steady)
    assert [line.split()[1] for line in lines] == [
        "source",
        "status",
        "quadrant",
        "valence",
        "valence",
    ]


def test_a_boundary_is_told_once_with_the_instant_of_the_change() -> None:
    first = Boundary(1, 48_000, 96_000, 0.5, 24_000)
    second = Boundary(2, 96_000, 140_000, 0.75, 24_000)
    lines = plain_lines(
        moment(4.0, boundaries=(first,)),
        moment(4.1, boundaries=(first,)),
        moment(6.0, boundaries=(first, second)),
    )
    told = [line.split(None, 1)[1] for line in lines if "boundary" in line]
    assert told == [
        "boundary 1 at 0:02.0  strength 0.50",
        "boundary 2 at 0:04.0  strength 0.75",
    ]


def test_losses_are_told_in_words() -> None:
    line = plain_lines(moment(3.0, stats={"overflows": 480, "nonfinite": 0}))[-1]
    assert "samples lost here 480" in line
    assert "broken" not in line


def test_a_steady_tempo_is_told_and_none_is_not() -> None:
    assert "tempo 124" in plain_lines(moment(3.0, tempo_bpm=123.8))[-1]
    assert "tempo" not in plain_lines(moment(3.0))[-1]


def test_the_smallest_terminal_holds_the_picture_whatever_there_is_to_tell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(LEAST_COLUMNS))
    monkeypatch.setenv("LINES", str(LEAST_ROWS))
    view = LiveView("a song with a long name " * 9, Labels())
    told = Boundary(1, 36_000 * 24_000, 36_009 * 24_000, 0.75, 24_000)
    outputs = (OutputState("osc " + "192.168.100.100:50000, " * 9, 9_999_999, 7, "nobody listens"),)
    told_at_once = {"boundaries": (told,) * 5, "label": "happy " * 30, "tempo_bpm": 90.0}
    asked = {"strategy": "iso", "decision": "Asks for music because " + "the player is sad, " * 9}
    felt = {"player": Feeling(-0.6, 0.4, 0.5, "camera"), "sensors": ("the strap is away " * 9,)}
    view.update(moment(39_000.0, outputs=outputs, **told_at_once, **asked, **felt))
    view.close()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == LEAST_ROWS
    assert max(map(len, lines)) <= LEAST_COLUMNS
    assert (LEAST_COLUMNS, LEAST_ROWS) <= (80, 24)  # as terminals open
    assert sum("10:00:00.0  strength 0.75  9.0 s late" in line for line in lines) == 3
    assert sum("90 beats a minute" in line for line in lines) == 1
    assert "iso  Asks for music because the player is sad" in lines[1]
    assert "player  -0.60 +0.40  camera, sure 0.50" in lines[-2].replace("−", "-")
    assert "the strap is away" in lines[-2]
    assert "nobody listens" in lines[-1]


def test_several_streams_are_one_table_with_a_line_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = StreamsView({"drums": "drums.wav", "crowd": "microphone"})
    lost = {"overflows": 480}
    view.update(moment(3.0, stream="drums", quadrant=2, label="tense", valence=-0.5, tempo_bpm=90))
    view.update(moment(3.1, stream="crowd", stats=lost))
    view.close()
    lines = capsys.readouterr().out.splitlines()
    (drums,) = [line for line in lines if line.lstrip().startswith("drums ")]
    (crowd,) = [line for line in lines if line.lstrip().startswith("crowd ")]
    assert "tense" in drums
    assert "-0.50" in drums
    assert "90" in drums
    assert "samples" in crowd


def test_what_the_player_feels_is_told_with_who_tells_it() -> None:
    sad = Feeling(-0.6, -0.4, 0.5, "text")
    lines = plain_lines(moment(0.0), moment(1.0, player=sad), moment(3.0, player=sad), moment(4.0))
    told = [line.split(None, 1)[1].replace("−", "-") for line in lines if "player" in line]
    assert told[0] == "player -0.60 -0.40 (text)"
    assert "player -0.60 -0.40 (text)" in told[1]
    assert told[-1] == "player nobody tells"


def test_lines_of_several_streams_begin_with_their_names() -> None:
    stream = io.StringIO()
    views = PlainViews({"drums": "drums.wav", "crowd": "microphone"}, stream)
    views.update(moment(3.0, stream="crowd"))
    assert [line.split()[1] for line in stream.getvalue().splitlines()] == [
        "drums",
        "crowd",
        "crowd",
        "crowd",
    ]


def position(rows: list[list[object]], kind: str) -> tuple[int, int]:
    found = [
        (x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell.kind == kind
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("point", "cell"),
    [
        ((-1.0, 1.0), (0, 0)),
        ((1.0, 1.0), (WIDTH - 1, 0)),
        ((1.0, -1.0), (WIDTH - 1, HEIGHT - 1)),
        ((-1.0, -1.0), (0, HEIGHT - 1)),
        ((0.0, 0.0), (WIDTH // 2, HEIGHT // 2)),
        ((7.0, -9.0), (WIDTH - 1, HEIGHT - 1)),
    ],
)
def test_valence_runs_to_the_right_and_arousal_up(
    point: tuple[float, float], cell: tuple[int, int]
) -> None:
    assert position(draw_plane([point]), "now") == cell


def test_a_terminal_without_unicode_gets_ascii() -> None:
    rows = draw_plane([(-0.5, 0.5), (0.5, -0.5)], unicode=False)
    assert all(cell.char.isascii() for row in rows for cell in row)
    assert {cell.char for row in rows for cell in row} == {" ", "-", "|", "+", ".", "@"}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00.0"), (59.96, "1:00.0"), (61.25, "1:01.3"), (3599.96, "1:00:00.0"), (-1, "0:00.0")],
)
def test_times_are_written_as_players_write_them(seconds: float, text: str) -> None:
    assert minutes(seconds) == text


def test_zero_has_no_minus_and_control_characters_are_spelt_out() -> None:
    assert [signed(-0.001), signed(0.456), signed(-1)] == ["+0.00", "+0.46", "-1.00"]
    assert printable("a\tb\x1b[0m é") == r"a\tb\x1b[0m é"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=6), st.integers(0, 2**32 - 1))
def test_columns_are_means_of_equally_many_frames_however_they_came(
    lengths: list[int], seed: int
) -> None:
    frames = np.random.default_rng(seed).standard_normal((sum(lengths), 3)).astype(np.float32)
    spectrogram = Spectrogram(3)
    for part in np.split(frames, np.cumsum(lengths)[:-1]) if lengths else []:
        spectrogram.push(part)
    per_column = 1
    while len(frames) // per_column >= MAX_COLUMNS:
        per_column *= 2
    expected = [
        frames[at : at + per_column].mean(axis=0) for at in range(0, len(frames), per_column)
    ]
    columns = spectrogram.columns()
    assert spectrogram.n_frames == len(frames)
    assert len(columns) == len(expected)
    if expected:
        np.testing.assert_allclose(columns, expected, atol=1e-5)
