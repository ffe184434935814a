"""How right a model is on a user's own labelled music."""
