"""The append-only, tamper-evident record. It is the state: each room folds its own events."""
