"""Take out of a city's systems what its time is over for: what is meant, what is done, what was done."""
