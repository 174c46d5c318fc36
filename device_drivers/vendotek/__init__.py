"""VTK (Vendotek): cashless terminals of the Vendotek family, serial or TCP."""
