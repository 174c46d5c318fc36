"""The rows of the transaction's table, one module a kind of event. Pure."""
