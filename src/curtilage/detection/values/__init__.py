"""Recognise identifiers and telling words in the cells of tables and in notes. Keeps nothing it read."""
