"""The sound server that tests of real programs use, for the loudspeaker."""

from __future__ import annotations

from tests.peers.conftest import pulse

__all__ = ["pulse"]
