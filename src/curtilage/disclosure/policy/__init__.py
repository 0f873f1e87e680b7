"""What policy answers to a request: instruments, packs of law, the engine, and pages made of them."""
