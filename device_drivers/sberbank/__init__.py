"""Sberbank (UPOS) terminals on a wire."""
