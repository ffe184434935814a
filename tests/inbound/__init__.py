"""What others say to us."""
