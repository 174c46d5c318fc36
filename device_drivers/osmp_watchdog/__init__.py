"""OSMP 2.5 watchdog boards: frames and words, for the tools of the field. No driver yet."""
