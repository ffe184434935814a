"""Hosts that cannot run here, as strict about types, sizes and ranges as their sources say.

Conventions
-----------
A fake host takes what was decoded (`Told`) at an instant (seconds, any clock) and says what it
would answer. Whatever the real host would drop, misread or complain about is an ``AssertionError``
here. The docstring of each names what it was read from. A module has one class ``Host``.
"""
