"""Writers of a journal that are killed at any moment: a program, since it forks and kills.

``python -m tests.profile.killed FOLDER COUNT`` kills so many writers, one after the other, each at
an instant of its own, and opens the journal after each. It prints how many lessons were
acknowledged, and ends with status 1 when one of them is not there.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from pathlib import Path

from oscbridge.profiles.journal import Journal

SETTLES_EVERY = 7
LONGEST_S = 0.02


def write(folder: Path, told: int) -> None:
    """Append lessons, and tell the number of each when it is acknowledged; until killed."""
    journal = Journal(folder)
    while True:
        number = journal.last + 1
        journal.append(b"lesson %d " % number + b"x" * random.randrange(4000))
        os.write(told, number.to_bytes(4, "big"))
        if number % SETTLES_EVERY == 0:
            journal.settle(b"all up to %d" % number)


def kill_one(folder: Path, dice: random.Random) -> int:
    """Start a writer, kill it; return the number of the last acknowledged lesson."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write(folder, told)
        finally:
            os._exit(1)
    os.close(told)
    os.read(heard, 1)  # it has begun
    select.select([], [], [], dice.random() * LONGEST_S)  # a moment that nobody waits for
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    rest = b""
    while more := os.read(heard, 1 << 16):
        rest += more
    os.close(heard)
    return int.from_bytes((b"\0" + rest)[-4:], "big") if rest else 0


def check(folder: Path, acknowledged: int) -> int:
    """Open the journal and see that all is there; return the number of the last lesson."""
    journal = Journal(folder)
    settled = int((journal.state or b"0").rpartition(b" ")[2])
    numbers = [int(content.split()[1]) for content in journal.records]
    expected = list(range(settled + 1, journal.last + 1))
    if numbers != expected or not acknowledged <= journal.last <= acknowledged + 1:
        print(f"acknowledged {acknowledged}, found {settled}, {numbers}")
        sys.exit(1)
    journal.close()
    return journal.last


def main() -> None:
    """Kill the writers."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    dice = random.Random(0)
    acknowledged = 0
    for _ in range(count):
        acknowledged = check(folder, max(kill_one(folder, dice), acknowledged))
    print(acknowledged)


if __name__ == "__main__":
    main()
