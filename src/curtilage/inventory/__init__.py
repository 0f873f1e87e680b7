"""What the city declares: load it, validate it, compare versions of it. Reads no real system."""
