"""Files that take longer than a page may: asked for here, held by whoever makes them, kept for a week.

The row is what is known of one: a process that dies leaves it held for a while, and then another begins it anew.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from staff import clock
from staff.encryption import decrypt, encrypt
from staff.models import FileOf, ReportRun, RunState, User
from staff.models.report_run import PENDING

#: A file of more rows is not made while somebody waits for the page; on paper a row costs more.
LONG, LONG_ON_PAPER = 5_000, 200
#: A sheet has 1,048,576 lines.
MOST_ROWS = 1_000_000
#: So many may one person have in the making.
MOST_PENDING = 3
KEPT = timedelta(days=7)
#: How long a run is held without a sign of life.
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
FOLDER = "report-files"
#: So much of a file is encrypted at once: one line of what is stored.
CHUNK = 512 * 1024


class NotMade(Exception):
    """No file comes of it; `str()` of it says why to a person."""


class Lost(Exception):
    """Another has begun it anew."""


def is_long(form: str, rows: int) -> bool:
    return rows > (LONG_ON_PAPER if form == "pdf" else LONG)


def ask(person: User, kind: FileOf, subject: str, title: str, query: str, form: str, rows: int) -> ReportRun:
    """Puts a file in the queue, once however often it is asked for while it waits; raises NotMade where the person has
    too many, or it has too many rows."""
    if rows > MOST_ROWS:
        raise NotMade(_("It has more than %(most)s rows. Narrow it down.") % {"most": f"{MOST_ROWS:,}"})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        pending = list(ReportRun.objects.filter(person=person, state__in=PENDING))
        for run in pending:
            if (run.kind, run.subject, run.form, run.query) == (kind, subject, form, query):
                return run
        if len(pending) >= MOST_PENDING:
            raise NotMade(_("%(most)d files of yours are being made. Wait for them first.") % {"most": MOST_PENDING})
        return ReportRun.objects.create(
            person=person,
            kind=kind,
            subject=subject,
            title=title[:128],
            query=query,
            form=form,
            rows_of=rows,
            language=translation.get_language(),
            asked_at=clock.now(),
        )


def due() -> models.QuerySet[ReportRun]:
    """What nobody holds, the oldest first."""
    left = Q(state=RunState.RUNNING, leased_until__lt=clock.now())
    return ReportRun.objects.filter(Q(state=RunState.QUEUED) | left).order_by("asked_at", "pk")


def claim() -> ReportRun | None:
    """The next one, held by the caller; one that has failed a process too often is given up."""
    with transaction.atomic():
        run = due().select_for_update().first()
        if run is None:
            return None
        if run.attempts >= MOST_ATTEMPTS:
            _give_up(run, _("It was begun %(times)d times and never ended.") % {"times": run.attempts})
            return None
        run.begin()
        run.attempts, run.rows_done = run.attempts + 1, 0
        run.leased_until = clock.now() + LEASE
        run.save()
    return run


def progress(run: ReportRun, rows: int) -> None:
    """Says how far it is, and holds it longer; raises Lost where another has it."""
    held = {"rows_done": rows, "leased_until": clock.now() + LEASE}
    if not _held(run).update(**held):
        raise Lost


def keep(run: ReportRun, file: IO[bytes], name: str, rows: int) -> None:
    """Stores what was made, from the file's beginning, and says that it is ready."""
    path = f"{FOLDER}/{run.pk}-{secrets.token_hex(16)}"
    with TemporaryFile() as kept:
        sealed(file, kept)
        kept.seek(0)
        path = default_storage.save(path, File(kept))
    try:
        with transaction.atomic():
            mine = _held(run).select_for_update().first()
            if mine is None:
                raise Lost
            mine.finish()
            mine.path, mine.name, mine.rows_done = path, name[:160], rows
            mine.rights = rights_of(mine.person)
            mine.ended_at, mine.leased_until, mine.expires_at = clock.now(), None, clock.now() + KEPT
            if mine.subscription_id and mine.person.email and settings.MAIL_IS_SET_UP:
                mine.mail_at = clock.now()
            mine.save()
    except Lost:
        default_storage.delete(path)
        raise


def sealed(file: IO[bytes], kept: IO[bytes]) -> None:
    """Writes it encrypted, a line for each piece."""
    while chunk := file.read(CHUNK):
        kept.write(encrypt(chunk) + b"\n")


def give_up(run: ReportRun, reason: str) -> None:
    with transaction.atomic():
        mine = _held(run).select_for_update().first()
        if mine is not None:
            _give_up(mine, reason)


def content(run: ReportRun) -> Iterator[bytes]:
    """What is stored, piece by piece; OSError where it is missing."""
    with default_storage.open(run.path, "rb") as kept:
        for line in kept:
            yield decrypt(line.rstrip(b"\n"))


def may_take(run: ReportRun, person: User) -> bool:
    """Whether it is the person's, and shows nothing but what they may see still."""
    return run.person_id == person.pk and person.is_active and run.rights == rights_of(person)


def rights_of(person: User) -> str:
    """A digest of the person's unit and permissions, which another unit or permission changes."""
    fresh = User.objects.get(pk=person.pk)
    held = [fresh.unit_id, fresh.is_superuser, sorted(fresh.get_all_permissions())]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()


def expire_due() -> None:
    """Deletes the files whose time is over."""
    over = ReportRun.objects.filter(state=RunState.READY, expires_at__lte=clock.now())
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            run = over.select_for_update().filter(pk=pk).first()
            if run is not None:
                default_storage.delete(run.path)
                run.expire()
                run.path = ""
                run.save()


def ready_for(person: User) -> models.QuerySet[ReportRun]:
    """What was made, or given up, since the person last looked."""
    return ReportRun.objects.filter(
        person=person, state__in=(RunState.READY, RunState.FAILED), seen_at=None, ended_at__isnull=False
    )


def _held(run: ReportRun) -> models.QuerySet[ReportRun]:
    """The row while it is still held by whoever claimed it so."""
    return ReportRun.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)


def _give_up(run: ReportRun, reason: str) -> None:
    run.give_up()
    run.failure, run.ended_at, run.leased_until = reason[:255], clock.now(), None
    run.save()
