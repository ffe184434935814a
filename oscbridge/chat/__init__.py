"""Lines that people write: where they come from, and the mood that they add up to."""
