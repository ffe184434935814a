"""What a session was made of, kept in a file: written, read, and gone through once more."""
