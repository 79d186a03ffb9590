"""Premiums: what is due, what came in."""
