"""A case: one outside request from the moment it arrives until it is closed, as events of one stream."""
