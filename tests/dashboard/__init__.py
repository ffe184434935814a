"""The page: who comes in, what is told to each, and what it looks like in a real browser."""
