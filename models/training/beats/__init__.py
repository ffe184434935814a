"""How well beats, bars and tempo are followed: truth from scores, our tracker beside offline ones.

``python -m models.training.beats --data DIR --cache DIR`` renders scores whose beats are known,
runs every tracker on the sound and writes the table into ``dsp/README.md``.
"""
