"""Tests of the process: settings, outbox, composer, outputs, threads, start and stop."""
