"""Records: all that came in and went out, gone through once more bit for bit; bad files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from dsp.types import AudioBlock
from models.types import AffectState
from oscbridge import orders as do
from oscbridge.analyzer import Analyzer
from oscbridge.beginning import Beginning, build_composer
from oscbridge.cli import main
from oscbridge.config import load
from oscbridge.inbound.teaching import learned_of
from oscbridge.outputs.record import RecordOutput
from oscbridge.profile import Profile
from oscbridge.recorded.lines import as_plain, as_result
from oscbridge.recorded.reader import choose_session
from oscbridge.recorded.replay import replay
from oscbridge.sources.base import Awaited, Health
from tests.recorded.session import record

SECONDS = 40.0


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("record") / "evening.jsonl"
    record(path, SECONDS)
    return path


def changed(session: Path, folder: Path, old: str, new: str, count: int = 1) -> Path:
    text = session.read_text("utf-8")
    assert old in text
    path = folder / "changed.jsonl"
    path.write_text(text.replace(old, new, count), "utf-8")
    return path


@pytest.mark.parametrize(
    "result",
    [
        do.Override(0.1, -0.2, math.inf),
        do.Felt("text:anna", 0.1 + 0.2, None, 1.0 / 3.0),
        do.MakeRequest(0.5, -0.5),
        do.Origin((0.25, -0.125)),
        do.AckRequest(3, "queued", 0.1),
        do.HostSaid("/live/song/get/tempo", (120.0, "x", None)),
        AffectState(0.1, math.pi, 5e-324, "music", 4096, 24_000),
    ],
)
def test_what_came_in_is_read_back_as_it_was(result):
    line = msgspec.json.encode(as_plain(result))
    assert as_result(json.loads(line)) == result


def test_a_session_says_the_same_once_more_and_the_record_holds_what_was_asked_for(session):
    steps = list(replay(choose_session(session, None)))
    assert len(steps) == SECONDS / 0.25
    assert [step.difference for step in steps if step.difference] == []
    said = [one.signal for step in steps for one in step.recorded]
    assert {"hello", "player/valence", "request", "request/state"} <= set(said)


def test_the_command_says_so_and_a_changed_word_is_found(session, tmp_path, capsys):
    assert main(["replay", str(session)]) == 0
    assert "said again bit for bit" in capsys.readouterr().out
    path = changed(session, tmp_path, '"request/state","address"', '"request/go","address"')
    assert main(["replay", str(path), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["different"] == 1
    assert "request/state" in result["first"]


def test_a_number_that_differs_in_its_last_bit_is_found(session, tmp_path):
    texts = session.read_text("utf-8").splitlines()
    line = next(text for text in texts if '"signal":"player/valence"' in text and "e" in text)
    value = json.loads(line)["args"][0]
    near = line.replace(f"[{value!r}]", f"[{math.nextafter(value, 2.0)!r}]")
    path = changed(session, tmp_path, line, near)
    found = [step.difference for step in replay(choose_session(path, None)) if step.difference]
    assert len(found) == 1


def test_a_session_is_sent_again_to_who_listens(session, osc_ear, capsys):
    to = f"127.0.0.1:{osc_ear.port}"
    assert main(["replay", str(session), "--to", to, "--speed", "1000"]) == 0
    osc_ear.wait_for("/oscbridge/request/go")
    assert "messages sent again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--speed", "2"], "--speed belongs to sending it again: say where with --to"),
        (["--from", "3"], "--from belongs to sending it again"),
        (["--to", "127.0.0.1:9", "--json"], "--json belongs to comparing"),
        (["--to", "127.0.0.1:9", "--audio"], "--audio belongs to comparing"),
        (["--to", "127.0.0.1:9", "--from", "900"], "--from 900: the last turn of session 1 is at"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(options, complaint, session, capsys):
    assert main(["replay", str(session), *options]) == 2
    err = capsys.readouterr().err
    assert complaint in err
    assert err.count("\n") == 1


def test_a_file_of_several_sessions_has_its_last_one_replayed_or_the_one_named(tmp_path, capsys):
    path = tmp_path / "two.jsonl"
    record(path, 2.0)
    record(path, 3.0, kind="contrarian")
    assert main(["replay", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["turns"] == 12
    assert main(["replay", str(path), "--json", "--session", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["turns"] == 8
    assert main(["replay", str(path), "--session", "3"]) == 2
    assert "holds 2 sessions, there is no number 3" in capsys.readouterr().err


def test_what_a_crash_left_behind_is_replayed_as_far_as_it_is_whole(session, tmp_path, capsys):
    lines = session.read_bytes().splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if b'"turn":' in line)
    speaks = max(
        n for n, line in enumerate(lines[:-1]) if b'"turn":' in line and b"al" in lines[n + 1]
    )
    turns = sum(b'"turn":' in line for line in lines)
    whole = b"".join(lines)
    path = tmp_path / "torn.jsonl"
    for torn, compared in (
        (whole[:-20], turns - 1),
        (b"".join(lines[:last]) + lines[last][:30], turns - 2),  # within the line of a turn
        (b"".join(lines[: speaks + 1]), None),  # between a turn and what it said
        (b"".join(lines[: speaks + 2]), None),  # between two of its words
    ):
        path.write_bytes(torn)
        assert main(["replay", str(path)]) == 0
        assert "the record breaks off" in capsys.readouterr().out
        assert main(["replay", str(path), "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        assert (result["torn"], result["different"]) == (True, 0)
        if compared is not None:
            assert result["turns"] == compared


def test_a_record_that_a_crash_tore_is_continued_and_both_sessions_are_read(tmp_path, capsys):
    path = tmp_path / "evening.jsonl"
    record(path, 3.0)
    path.write_bytes(path.read_bytes()[:-20])
    record(path, 2.0)
    for number, torn in ((1, True), (2, False)):
        assert main(["replay", str(path), "--json", "--session", str(number)]) == 0
        assert json.loads(capsys.readouterr().out)["torn"] is torn


@pytest.mark.parametrize("command", ["replay", "report"])
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("a,b,c\n1,2,3\n", "is no record of oscbridge"),
        ('{"record":"two","version":"x","started":"y"}\n', "line 1: damaged"),
        ('{"record":99,"version":"9.0","started":"y"}\n', "by oscbridge 9.0, which is newer"),
    ],
)
def test_a_file_that_is_no_record_of_ours_is_refused_in_one_line(
    command, text, complaint, tmp_path, capsys
):
    path = tmp_path / "odd.jsonl"
    path.write_text(text)
    assert main([command, str(path)]) == 2
    err = capsys.readouterr().err
    assert complaint in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"Pulse",{"source"', '"Puls",{"source"', "damaged: nothing is called 'Puls'"),
        ('{"time_s":0.25,', '{"time_s":0.25;', "line "),
        ('"strategy":"compensate"', '"strategy":"magic"', "recorded by oscbridge"),
        ('"bpm":', '"rate":', "damaged"),
    ],
)
def test_a_damaged_line_is_named(old, new, complaint, session, tmp_path, capsys):
    path = changed(session, tmp_path, old, new)
    assert main(["replay", str(path)]) == 2
    err = capsys.readouterr().err
    assert complaint in err
    assert err.count("\n") == 1


def test_a_record_without_input_says_why_it_cannot_be_replayed(tmp_path, capsys):
    path = tmp_path / "old.jsonl"
    path.write_text(
        '{"record":1,"version":"0.1.0","started":"2026-01-01T00:00:00Z"}\n'
        '{"time_s":0.1,"signal":"valence","address":"/x","args":[0.5]}\n'
    )
    assert main(["replay", str(path)]) == 2
    assert "says only what went out" in capsys.readouterr().err


class Blocks:
    """A source of given blocks."""

    name = "blocks"
    sample_rate = 24_000
    latency_s = block_s = 0.0
    health = Health(True, "")
    awaited = Awaited(0.0)

    def __init__(self, blocks: list[AudioBlock]) -> None:
        self._blocks = blocks

    @property
    def finished(self) -> bool:
        return not self._blocks

    def read(self, timeout_s: float) -> AudioBlock | None:
        return self._blocks.pop(0) if self._blocks else None

    def want(self, count: int) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""


def blocks_with_a_gap() -> list[AudioBlock]:
    random = np.random.default_rng(4)
    tone = np.sin(np.arange(24_000 * 6) * 0.05) * 0.3
    sound = (tone + 0.05 * random.standard_normal(len(tone))).astype(np.float32)
    blocks, start = [], 0
    for number, part in enumerate(np.array_split(sound, 97)):
        gap = 5000 if number == 40 else 0
        blocks.append(AudioBlock(part, start + gap, 24_000, gap))
        start = blocks[-1].stop
    return blocks


def test_the_recorded_sound_is_what_was_heard_and_is_analysed_again_bit_for_bit(tmp_path, capsys):
    path = tmp_path / "evening.jsonl"
    config = load()
    beginning = Beginning("a0d10", 0.0, 0.0, 0.0, 0.0)
    output = RecordOutput(path, audio=True)
    given = blocks_with_a_gap()
    source = output.begin(config, beginning, Blocks(list(given)))
    composer, analyzer = build_composer(config, beginning), Analyzer(24_000)
    now_s = 0.0
    while (block := source.read(0.0)) is not None:
        results = analyzer.push(block)
        now_s = block.stop / 24_000
        states = [one for one in results if isinstance(one, AffectState)][-1:]
        output.attend(states, [], now_s)
        output.send(composer.compose(states, [], now_s))
    output.close()
    heard, rate = soundfile.read(tmp_path / "evening.w64", dtype="float32")
    assert rate == 24_000
    assert heard.tobytes() == np.concatenate([one.samples for one in given]).tobytes()

    assert main(["replay", str(path), "--audio", "--json"]) == 0
    audio = json.loads(capsys.readouterr().out)["audio"]
    assert audio["recorded"] == audio["again"] > 20

    heard[100_000] += 0.01
    soundfile.write(tmp_path / "evening.w64", heard, rate, subtype="FLOAT", format="W64")
    assert main(["replay", str(path), "--audio", "--json"]) == 1
    audio = json.loads(capsys.readouterr().out)["audio"]
    assert audio["again"] < audio["recorded"]


def test_sound_that_was_heard_through_a_profile_is_heard_again_but_for_where_that_put_it(
    tmp_path, capsys
):
    path = tmp_path / "evening.jsonl"
    config, beginning = load(), Beginning("a0d10", 0.0, 0.0, 0.0, 0.0)
    output = RecordOutput(path, audio=True)
    source = output.begin(config, beginning, Blocks(blocks_with_a_gap()))
    composer, analyzer, profile = build_composer(config, beginning), Analyzer(24_000), Profile()
    moved = 0
    while (block := source.read(0.0)) is not None:
        now_s = block.stop / 24_000
        states = [one for one in analyzer.push(block) if isinstance(one, AffectState)][-1:]
        own = [profile.hear("", state) for state in states]
        moved += own != states
        news = []
        if own and own[0].quadrant and not profile.personal.count:
            profile.correct("", -0.5, 0.7)
            news = [learned_of(profile)]
        output.attend(own, news, now_s)
        output.send(composer.compose(own, news, now_s))
    output.close()
    assert moved
    assert main(["replay", str(path), "--audio"]) == 0
    shown = capsys.readouterr().out
    assert "heard again bit for bit" in shown
    assert "its place is not compared" in shown


def test_a_record_without_sound_says_how_to_have_it(session, capsys):
    assert main(["replay", str(session), "--audio"]) == 2
    assert "has no sound (run --record FILE --record-audio)" in capsys.readouterr().err
