"""The list of checks, and how one is carried out.

Conventions
-----------
Each check takes nothing and returns a `Finding`. A check may use anything and must survive
everything: what goes wrong inside one is a finding too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.diagnosis import installation, surroundings
from oscbridge.diagnosis.finding import REINSTALL, Finding, first_line
from oscbridge.errors import MissingExtraError, OscbridgeError
from oscbridge.protocol import PORT_IN, PORT_OUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.diagnosis.finding import Verdict

CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("python", installation.check_python),
    ("installation", installation.check_installation),
    ("kernel cache", installation.check_kernel_cache),
    ("analysis", installation.check_analysis),
    ("sound files", installation.check_sound_files),
    ("live input", surroundings.check_live_input),
    ("sound server", surroundings.check_sound_server),
    ("MIDI", surroundings.check_midi),
    ("camera", surroundings.check_camera),
    ("heart rate", surroundings.check_strap),
    ("OSC", surroundings.check_osc_send),
    (f"port {PORT_IN}", surroundings.check_osc_in_port),
    (f"port {PORT_OUT}", surroundings.check_osc_out_port),
    ("OSCQuery", installation.check_oscquery),
    ("plots", installation.check_plots),
    ("priority", surroundings.check_priority),
)
ESSENTIAL = frozenset({"python", "installation", "analysis", "OSC"})
"""Checks without which the main job fails; trouble in any other one is a limit."""


def examine(name: str, check: Callable[[], Finding]) -> Finding:
    """Run one check; whatever goes wrong inside becomes its finding."""
    verdict: Verdict = "broken" if name in ESSENTIAL else "limited"
    try:
        return check()
    except MissingExtraError as error:
        return Finding(name, verdict, error.lack, error.remedy)
    except OscbridgeError as error:
        return Finding(name, verdict, str(error))
    except ImportError as error:
        return Finding(name, verdict, f"cannot import {error.name}: {error}", REINSTALL)
    except Exception as error:  # noqa: BLE001 (a doctor that falls ill helps nobody)
        return Finding(name, verdict, f"{type(error).__name__}: {first_line(error)}")
