"""OSC as bytes: packets that others sent, and the datagrams that we send."""
