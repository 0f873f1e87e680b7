"""Where a ledger lies: memory, an SQLite file, PostgreSQL. Each keeps the promises of ``ledger.ports.Store``."""
