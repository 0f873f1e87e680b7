"""Run detection over connectors: what a city really asks and holds, at a time. Never a value."""
