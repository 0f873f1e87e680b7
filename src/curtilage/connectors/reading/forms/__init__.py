"""What a field and a form look like in data: keys, labels, options."""
