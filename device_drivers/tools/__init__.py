"""Tools of the field, behind `python -m device_drivers`: what is known of each protocol, probe, trace, test."""
