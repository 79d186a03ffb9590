"""What this family of platforms says: the transcodes' tables, and what their codes mean."""
