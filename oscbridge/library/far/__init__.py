"""A catalogue that is too large for one machine, listened to by many.

::

    catalogue ─► partitions ─► workers (Dask) ─► coordinator ─► Parquet dataset ─► library
    folder,      files of one  fetch, hash,      one writer,    one row a file,    (SQLite)
    URL, list    task          listen            whole parts    one track a hash

Conventions
-----------
Workers only compute; the coordinator alone writes, a whole part at a time. So what a worker was at
when it was killed is done again by another, and what the coordinator had not written when it was
killed is done again by the next run: nothing is lost, nothing is there twice.

Files of a size that no other file has are hashed while they are listened to. Files of one size may
be the same track: they are hashed first, and one of each kind is listened to.
"""
