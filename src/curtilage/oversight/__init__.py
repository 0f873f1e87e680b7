"""A standing body that sees, asks and votes."""
