"""The program ``python -m models.training.own``: from a labelled folder to a model.

Conventions
-----------
Standard output belongs to the lines of `models.learning_report`; whatever libraries print goes to
standard error. With ``--leash`` the program ends as soon as its standard input is closed, hence
with the process that started it, and does not mind Ctrl-C, which is that process's affair.
Exit status: 0 done, 2 something that the user can mend, told as the last message.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.training.own.line import Line, StoppedError


def main() -> int:
    """Read the command line, train, return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="labelled folder")
    parser.add_argument("--name", required=True, help="of the model")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--from", dest="begin", choices=("music", "scratch"), default="music")
    parser.add_argument("--epochs", type=int, help="at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on where it was stopped")
    parser.add_argument("--skip-bad", action="store_true", help="go on without bad files")
    parser.add_argument("--leash", action="store_true", help="end with standard input")
    options = parser.parse_args()
    line = Line(leash=options.leash)
    from models.training.own.course import run_course

    try:
        return run_course(options, line)
    except StoppedError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
