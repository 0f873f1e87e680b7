"""Letters: by instrument and answer, from templates that counsel edits, in plain language."""
