"""The journal loses nothing that was acknowledged, whatever ends it and wherever."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from oscbridge.profiles.journal import DAMAGED, LOG, STATE, DamagedError, Journal
from oscbridge.profiles.lock import HeldError

LESSONS = [json.dumps({"lesson": name, "at": 1.5}).encode() for name in ("a", "bb", "ü", "", "x")]


def written(folder: Path) -> bytes:
    journal = Journal(folder)
    assert [journal.append(lesson) for lesson in LESSONS] == [1, 2, 3, 4, 5]
    journal.close()
    return (folder / LOG).read_bytes()


def records_of(folder: Path) -> list[bytes]:
    with closing(Journal(folder)) as journal:
        return journal.records


def test_what_was_written_is_read_again_in_order(tmp_path: Path) -> None:
    written(tmp_path)
    with closing(Journal(tmp_path)) as journal:
        assert journal.records == LESSONS
        assert journal.repaired == ""
        assert journal.append(b"next") == 6


def test_each_line_is_a_checksum_a_number_and_json(tmp_path: Path) -> None:
    for number, line in enumerate(written(tmp_path).splitlines(), start=1):
        checksum, _, rest = line.partition(b" ")
        assert int(checksum, 16) == zlib.crc32(rest)
        said, _, lesson = rest.partition(b" ")
        assert int(said) == number
        assert json.loads(lesson) == json.loads(LESSONS[number - 1])


def test_cut_at_any_byte_only_the_last_lesson_can_be_lost(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole")
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for length in range(len(whole) + 1):
        folder = tmp_path / "cut"
        folder.mkdir(exist_ok=True)
        (folder / LOG).write_bytes(whole[:length])
        journal = Journal(folder)
        complete = sum(end <= length for end in ends)
        assert journal.records == LESSONS[:complete]
        assert bool(journal.repaired) == (length not in (0, *ends))
        assert journal.append(b"more") == complete + 1
        journal.close()
        assert records_of(folder) == [*LESSONS[:complete], b"more"]
        (folder / LOG).unlink()


def test_of_a_log_with_any_bit_turned_all_other_lessons_are_read(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole")
    for at in range(0, len(whole) - 1, 3):
        if whole[at] == ord("\n"):
            continue
        folder = tmp_path / f"bit{at}"
        folder.mkdir()
        turned = bytearray(whole)
        turned[at] ^= 0x04
        (folder / LOG).write_bytes(turned)
        journal = Journal(folder)
        assert len(journal.records) >= len(LESSONS) - 2  # a byte may have become a line end
        assert set(journal.records) < set(LESSONS)
        assert "left out" in journal.repaired
        assert (folder / DAMAGED).read_bytes() == turned
        journal.close()
        with closing(Journal(folder)) as again:
            assert again.repaired == ""


def test_garbage_behind_the_last_lesson_is_cut_off_and_said(tmp_path: Path) -> None:
    written(tmp_path)
    with (tmp_path / LOG).open("ab") as log:
        log.write(b"\0\0\0 no lesson")
    with closing(Journal(tmp_path)) as journal:
        assert journal.repaired.endswith("is left out")


def test_a_state_takes_the_place_of_the_lessons_before_it(tmp_path: Path) -> None:
    written(tmp_path)
    journal = Journal(tmp_path)
    journal.settle(b"five lessons")
    assert journal.append(b"six") == 6
    journal.close()
    with closing(Journal(tmp_path)) as again:
        assert (again.state, again.records, again.last) == (b"five lessons", [b"six"], 6)


def test_killed_between_state_and_new_log_no_lesson_counts_twice(tmp_path: Path) -> None:
    old = written(tmp_path)
    journal = Journal(tmp_path)
    journal.settle(b"five lessons")
    journal.close()
    (tmp_path / LOG).write_bytes(old)  # as it was when the state had been replaced
    with closing(Journal(tmp_path)) as again:
        assert (again.records, again.last) == ([], 5)


def test_a_state_that_is_damaged_is_refused_and_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.settle(b"all")
    journal.close()
    (tmp_path / STATE).write_bytes(b"00000000 0 all\n")
    with pytest.raises(DamagedError, match="damaged"):
        Journal(tmp_path)
    assert (tmp_path / STATE).read_bytes() == b"00000000 0 all\n"


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    with pytest.raises(HeldError) as refused:
        Journal(tmp_path)
    assert refused.value.holder == str(os.getpid())
    first.close()
    first.close()
    Journal(tmp_path).close()


def test_a_writer_in_another_process_is_refused_and_its_lock_ends_with_it(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from oscbridge.profiles.journal import "
        "Journal; j = Journal(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold, tmp_path], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(HeldError) as refused:
        Journal(tmp_path)
    assert refused.value.holder == str(holder.pid)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    Journal(tmp_path).close()


def test_two_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "tests.profile.killed", str(tmp_path), "200"]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=110)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert int(ended.stdout) > 200


FULL = """
import resource, signal, sys
from pathlib import Path
from oscbridge.profiles.journal import LOG, Journal
folder = Path(sys.argv[1])
before = (folder / LOG).read_bytes()
journal = Journal(folder)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limits[1]))
for attempt in (lambda: journal.append(b"y" * 100), lambda: journal.settle(b"z" * 10_000)):
    try:
        attempt()
    except OSError as error:
        assert "large" in str(error), error
    else:
        raise AssertionError("written where nothing can be")
    assert (folder / LOG).read_bytes() == before
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
assert journal.append(b"there is room again") == 6
"""


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    written(tmp_path)
    subprocess.run([sys.executable, "-c", FULL, tmp_path], check=True, timeout=60)
    assert records_of(tmp_path) == [*LESSONS, b"there is room again"]


def test_a_log_that_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / LOG).symlink_to("/dev/zero")
    with pytest.raises(OSError, match="no file"):
        Journal(tmp_path)


def test_a_record_of_two_lines_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with closing(Journal(tmp_path)) as journal, pytest.raises(ValueError, match="one line"):
        journal.append(b"one\ntwo")
