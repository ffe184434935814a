"""The crate: a music collection that was listened to once, and what is chosen from it.

::

    files ─► describe ─► Track ─► store (SQLite) ─► matching ─► suggestions, playlists, tags, plots
                                     ▲
             plays, skips ─► history ┘
"""
