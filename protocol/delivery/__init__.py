"""From the outbox to the platform: claiming, sending, recording, and the health of its line."""
