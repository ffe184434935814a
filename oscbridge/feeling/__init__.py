"""What the player's feelings are put together from: kinds of sensors, opinions, how they pool."""
