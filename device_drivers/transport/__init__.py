"""Lines to devices: a port is a URL, opened by `transport.open.open_line`."""
