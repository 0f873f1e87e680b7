"""The same clock, errors, bytes, ids and settings for every room. Knows no city word."""
