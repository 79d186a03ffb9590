"""Settings, addresses and processes: what runs where. The only room that sees all others."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
