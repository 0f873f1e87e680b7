"""Ruby trees: words, hashes that define a field, lists of names. Nothing is run."""
