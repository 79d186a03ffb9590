"""Is this file ours: one chain for the platform, the public page and the desk."""
