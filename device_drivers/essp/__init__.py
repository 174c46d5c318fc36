"""SSP and eSSP (Innovative Technology): bill validators NV9USB, NV10, NV200, BV20, BV50, BV100."""
