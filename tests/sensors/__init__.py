"""Tests of what tells how the player feels."""
