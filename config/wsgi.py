"""The WSGI application for any other server, which needs a broker: it would answer, and nobody would deliver."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.application import application as application

if not settings.REDIS_URL:
    raise ImproperlyConfigured(
        "Behind this server nobody would deliver notifications, nor let guarantees expire. Set REDIS_URL and run a "
        "Celery worker and beat (docs/operating.md), or start the site by `manage.py serve`, which does it itself."
    )
