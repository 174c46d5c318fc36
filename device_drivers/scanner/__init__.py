"""Barcode scanners on a serial port, and those that type like a keyboard (read from /dev/input)."""
