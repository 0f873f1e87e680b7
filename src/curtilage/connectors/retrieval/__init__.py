"""Read out of a city's systems what a release names: those fields of those people, and nothing else."""
