"""What was played, and which music fits who played it (S4).

::

    player over OSC, MPRIS ─► listening ─┐
                                         ├─► plays (SQLite) ─► naming ─► recommending ─► offers
    scrobbler log, Last.fm, ListenBrainz ┘                       ▲
                                                       described ┘
"""
