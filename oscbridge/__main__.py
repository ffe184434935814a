"""``python -m oscbridge``: the same as the command ``oscbridge``."""

from __future__ import annotations

import sys

from oscbridge.cli import main

sys.exit(main())
