"""Service mode on the terminal's own screen, pure: `mode` decides, `pages` show, `report` reads the day, `values`."""
