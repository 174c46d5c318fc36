"""Registers and the comparison of our journal with everybody else's books."""
