"""The one path by which anything leaves: how far an order reaches, what would leave, and the package that does."""
