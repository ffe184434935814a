"""MIDI: what goes out as controls and notes, what is heard, and the processes that hold ports."""
