"""Reach into forms, schemas, source code and databases, and give back places. Decides nothing."""
