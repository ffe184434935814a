"""OSCQuery: programs that find us on the network read what there is to bind, and listen to it."""
