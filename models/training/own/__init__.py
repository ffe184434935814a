"""Training on a user's own labelled music: ``python -m models.training.own`` does it.

A program of its own, so that what runs beside live sound never imports torch. It is started by
``oscbridge models train`` and tells how far it is in the lines of `models.learning_report`.
"""
