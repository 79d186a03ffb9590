"""How a letter looks: from words to the pages of a PDF."""
