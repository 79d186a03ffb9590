"""What a letter says: its particulars and the words around them, as plain values."""
