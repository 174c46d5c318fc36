"""UPS through the daemon of Network UPS Tools (upsd), which knows the hardware."""
