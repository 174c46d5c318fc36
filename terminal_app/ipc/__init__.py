"""The only meeting place of core, ui and media."""
