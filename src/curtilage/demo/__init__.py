"""Build the example city, seeded. No resident of it is real."""
