"""OSMP watchdog boards, met in most Russian payment kiosks: generations 1, 2 and 2.5, and the STOD clone."""
