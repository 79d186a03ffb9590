"""Celery's thin face on the periodic work."""

from __future__ import annotations

from celery import shared_task

from config.rooms import periodic_work


@shared_task(name="config.periodic")
def periodic(name: str) -> None:
    """Does one piece of the periodic work, named by the clock (beat)."""
    for work in periodic_work():
        if work.name == name:
            work.run()
            return
    raise LookupError(f"There is no periodic work {name!r}; restart beat so that it knows the present list.")
