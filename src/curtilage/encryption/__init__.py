"""What is sealed, and by whose key."""
