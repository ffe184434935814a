"""What a recorded session was: felt, asked for, played, and what may be said of it; one page."""
