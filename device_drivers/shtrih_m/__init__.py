"""Shtrih-M fiscal registers (KKT) with a fiscal drive, standard low level."""
