"""The journal: one hash-chained SQLite file, one writer, and what is read out of it."""
