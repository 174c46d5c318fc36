"""Meter readings judged by nine rules. Pure."""
