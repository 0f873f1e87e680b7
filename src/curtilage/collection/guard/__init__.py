"""Keep identifiers and status out of free text before it is stored: text, form posts, tables."""
