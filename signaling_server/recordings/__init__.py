"""Recordings of calls at the office: taken sealed, kept for a term, played by those who may (docs/adr/0034)."""
