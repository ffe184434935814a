"""How fast the live path is on this machine: its stages, the whole hop, a run, files, the start."""
