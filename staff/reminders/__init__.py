"""Telling staff: who is told of what, by which channel, and who is next where nobody takes note."""
