"""Each outside request meets one procedure: what it is, what policy decides, what counsel confirms, what leaves."""
