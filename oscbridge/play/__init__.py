"""The game of ``oscbridge play``: a small host that does all that a host can do, in a terminal."""
