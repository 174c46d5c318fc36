"""ATOL fiscal registers: transport v3 (tasks) on a wire, and JSON tasks for the vendor's driver."""
