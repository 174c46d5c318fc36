"""The training stand: a whole core of its own with simulated devices and billing, in a folder that is thrown away."""
