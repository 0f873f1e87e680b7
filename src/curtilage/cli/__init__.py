"""The command-line door: each command parses, makes one call to a room, and renders the answer."""
