"""oscbridge: hears what music expresses and says it over OSC.

The package imports nothing heavy by itself, so that ``oscbridge --help`` answers at once.
"""

__version__ = "0.1.0"
