"""Fakes, builders and a stopped clock, for our tests and a city's own."""
