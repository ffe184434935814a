"""A user's labelled music: which files there are, and what their labels mean."""
