"""Celery, the engine of delivery and of periodic work where REDIS_URL names a broker.

celery -A config worker --concurrency=8
celery -A config beat --schedule=/var/lib/desk/beat
"""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

#: How late periodic work may begin, in seconds.
LATEST = 600

app = Celery("desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule(sender: Celery, **_: Any) -> None:
    """Beat's list, made when the rooms are loaded."""
    from config.rooms import periodic_work
    from config.tasks import periodic

    for work in periodic_work():
        # Work that waited long past its turn is dropped: the next turn does it. Not sooner, since the clocks of
        # beat's machine and a worker's may differ by more than a short turn, and then nothing would ever be done.
        seconds = work.every.total_seconds()
        expires = max(seconds, LATEST)
        sender.add_periodic_task(seconds, periodic.s(work.name), name=work.name, expires=expires)
