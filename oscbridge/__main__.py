"""``python -m oscbridge``: the same as the command ``oscbridge``."""

from __future__ import annotations

import sys

from oscbridge.cli import main

if __name__ == "__main__":  # worker processes import what started them
    sys.exit(main())
