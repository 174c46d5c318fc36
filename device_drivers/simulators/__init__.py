"""The far end of each wire, with its own codec on purpose: a simulator must be able to lie."""
