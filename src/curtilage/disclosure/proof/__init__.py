"""What the rules guarantee over all requests, proved; or the request that breaks it, in words."""
