"""presets: how affect becomes a host's controls. Data first: one TOML a host."""
