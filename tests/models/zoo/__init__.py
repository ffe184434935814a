"""The published systems: layers, windows, and fidelity to their papers."""
