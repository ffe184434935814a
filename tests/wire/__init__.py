"""Tests of what is on the wire beside plain OSC over UDP."""
