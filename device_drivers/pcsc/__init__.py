"""PC/SC card readers by pyscard: a monitor of our own, which outlives pcscd and the reader."""
