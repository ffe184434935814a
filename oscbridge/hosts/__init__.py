"""Our signals in a host's words: presets compiled, looked up, explained, and put on the wire."""
