"""INPAS SmartSale terminals on a wire (PAX D200 and others)."""
