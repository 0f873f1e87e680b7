"""Formal and informal practices of sharing."""
