"""Recognise what must be protected, in several languages, and say why. Keeps nothing it read."""
