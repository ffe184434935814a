"""What others say to us: the port, who may speak, what it means, and what is done about it."""
