"""Receipts of FFD 1.2 as values: composing, checking, tags, shifts, VAT. Pure."""
