"""How a letter is signed, and how a signature is validated."""
