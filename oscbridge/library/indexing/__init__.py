"""Folders become a library: which files there are, who listens to them, what is written down.

::

    collection ─► (known and unchanged: done) ─► workers, a process a processor ─► batches ─► store
"""
