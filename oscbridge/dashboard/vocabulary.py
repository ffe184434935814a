"""What a page may say: a fixed list of inlets, and no way to have anything sent elsewhere.

Conventions
-----------
Left out on purpose: ``subscribe`` and ``unsubscribe``, ``ping`` (it renews leases), ``in/preset``
(it changes who is told what), and what only hosts say. The list names inlets; which arguments they
take stands in `oscbridge.inlets`, and one that is not there yet is refused as anything unknown is.
"""

from __future__ import annotations

from oscbridge.inlets import INLETS

SAYABLE = frozenset(
    {
        *("in/label/train", "in/label/train/undo", "in/label/wrong", "in/label/list"),
        *("in/label/set", "in/label/define", "in/label/delete"),
        *("in/personal/va", "in/personal/freeze", "in/personal/reset", "in/profile"),
        *("in/segment/mark", "in/segment/wrong", "in/freeze", "in/override", "in/calibrate/origin"),
        *("in/request/make", "in/request/cancel"),
        *("in/policy/strategy", "in/policy/opt_out", "in/policy/ask", "in/policy/skip"),
        *("in/affect/va", "in/affect/text", "in/affect/emotion", "in/affect/clear"),
        *("in/affect/calibrate", "in/learn", "in/test", "refresh"),
        *(name for name in INLETS if name.startswith("in/set/")),
    }
)
"""Names of inlets."""

PANIC = "panic"
"""What the panic button says, which stands for `PANIC_MEANS`."""
PANIC_MEANS: tuple[tuple[str, tuple[float | str, ...]], ...] = (
    ("in/freeze", (0,)),
    ("in/override", (0.0, 0.0)),
    ("in/learn", ("stop",)),
    ("in/request/cancel", ()),
)
"""All is neutral until it is let go, and nothing is held, learned or asked for."""

CAMERA = "camera"
"""What a page says, with 1 or 0, that lends its camera or takes it back."""
