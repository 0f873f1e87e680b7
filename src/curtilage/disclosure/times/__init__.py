"""When something is due in a case, by what, and who is reminded."""
