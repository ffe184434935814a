"""dsp: samples in, features and segments out. numpy and numba only; no I/O, no clock, no logs."""
