"""The five published systems (S0-S4) as run-time models: numpy only, chosen with ``--model``."""
