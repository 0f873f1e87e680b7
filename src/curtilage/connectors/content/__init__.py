"""What lies in the cells: files and databases as Arrow record batches, read and never kept."""
