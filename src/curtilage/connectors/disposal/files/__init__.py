"""Files that hold records as rows: read them, and write them anew without some."""
