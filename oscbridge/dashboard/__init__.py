"""The page for a phone in one hand: a web server of its own process, and our end of it."""
