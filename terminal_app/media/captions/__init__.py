"""What the agent says, in words, by a recogniser of this machine (docs/adr/0042)."""
