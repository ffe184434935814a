"""Where audio comes from: one module a source, and the contract that they share (`base`)."""
