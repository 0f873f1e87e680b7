"""How a request comes in: the desk's minute, the paper's hints, the reviewer's form."""
