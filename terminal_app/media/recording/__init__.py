"""Encoded packets of both directions, kept sealed while a recording runs (docs/adr/0034)."""
