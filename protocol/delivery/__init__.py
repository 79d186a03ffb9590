"""From the outbox to the platform: claiming, sending, recording, and how well it can be reached."""
