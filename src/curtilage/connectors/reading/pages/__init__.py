"""Pages of the web and their templates: tags, labels, controls."""
