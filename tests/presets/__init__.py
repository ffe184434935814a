"""Tests of presets: what they may say, what hosts hear of it, what comes back."""
