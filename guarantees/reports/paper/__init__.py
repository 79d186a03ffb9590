"""Reports on paper, in the letter's typography."""
