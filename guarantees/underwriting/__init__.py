"""What the underwriter must know before deciding."""
