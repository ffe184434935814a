"""When other music is asked for and which: strategies, gates, safety, what has helped."""
