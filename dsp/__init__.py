"""dsp: samples in, features and segments out. numpy and numba only; no I/O, no clock, no logs."""

import os

# numba would colour its messages by colorama where that is installed, which wraps standard output
# and writes an escape sequence to it at exit: not on a terminal that others draw on.
os.environ.setdefault("NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING", "1")
