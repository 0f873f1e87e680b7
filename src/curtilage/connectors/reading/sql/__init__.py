"""SQL as text: statements, columns, shapes, views, checks. Nothing is run."""
