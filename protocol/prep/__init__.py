"""The family of platforms that speaks as the specification does: the names of its fields, and what its codes mean."""
