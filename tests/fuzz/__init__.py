"""Fuzzing by coverage, for who has atheris; its corpus is run through in every test run."""
