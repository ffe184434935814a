"""Training of the published systems: one protocol for all, one script a system.

::

    python -m models.training.zoo.<name> PANDA_FOLDER --cache FOLDER [--folds FOLDER] [--out FOLDER]

`protocol` divides, fits, calibrates, examines and writes; `loop` fits torch networks with early
stopping; the script of a system says what its paper asks for.
"""
