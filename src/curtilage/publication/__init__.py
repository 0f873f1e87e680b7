"""Tell residents."""
