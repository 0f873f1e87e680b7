"""One module a format or a database; none leans on another."""
