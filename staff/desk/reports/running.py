"""Makes the files that wait, one after the other, behind the pages: in a worker's process, or in a thread of the site.

Nobody wakes it: its turn comes every few seconds (`staff/offers.py`). What a person may see is asked anew when their
file is made.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from time import monotonic
from typing import IO

from django.conf import settings
from django.contrib import admin
from django.db import connections
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from staff.desk.export import ExportAdmin
from staff.desk.reports import mailing, runs
from staff.desk.reports.asking import ReportForm
from staff.desk.reports.files import name_of, write_report
from staff.desk.reports.formats import format_of
from staff.desk.reports.report import report_of
from staff.desk.reports.runs import Lost, NotMade
from staff.desk.reports.written import Progress
from staff.models import FileOf, ReportRun

log = logging.getLogger(__name__)

#: Seconds between two signs of life.
EVERY = 2.0
_one_at_a_time = threading.Lock()
Made = tuple[str, int]


def turn() -> None:
    """Makes what waits: here in a worker's process, else in a thread, since the site has one thread for all its
    periodic work."""
    if settings.REDIS_URL:
        make_due()
        mailing.mail_due()
    elif (runs.due().exists() or mailing.due().exists()) and not _one_at_a_time.locked():
        threading.Thread(target=_work, name="report-files", daemon=True).start()


def _work() -> None:
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        make_due()
        mailing.mail_due()
    except Exception:
        log.exception("Making files failed")
    finally:
        connections.close_all()
        _one_at_a_time.release()


def make_due() -> int:
    """Makes all that wait; how many."""
    made = 0
    while (run := runs.claim()) is not None:
        make(run)
        made += 1
    return made


def make(run: ReportRun) -> None:
    """Never raises: whatever happens, its person is told."""
    with translation.override(run.language), TemporaryFile() as file:
        try:
            name, rows = MAKERS[FileOf(run.kind)](run, file, _signs_of_life(run))
            file.seek(0)
            runs.keep(run, file, name, rows)
        except Lost:
            log.warning("File %s was begun anew by another", run.pk)
        except NotMade as reason:
            runs.give_up(run, str(reason))
        except Exception:
            log.exception("Making file %s failed", run.pk)
            runs.give_up(run, _("It failed on our side. Ask for it once more, and tell an administrator."))


def _signs_of_life(run: ReportRun) -> Progress:
    last = monotonic()

    def progress(rows: int) -> None:
        nonlocal last
        if monotonic() - last >= EVERY:
            last = monotonic()
            runs.progress(run, rows)

    return progress


def _report(run: ReportRun, file: IO[bytes], progress: Progress) -> Made:
    report = report_of(run.subject)
    form = format_of(report, run.form) if report else None
    if report is None or form is None or not run.person.is_active or not report.may_see(run.person):
        raise NotMade(_("You may not see it any more."))
    questions = ReportForm(report, run.person, QueryDict(run.query))
    if not questions.is_valid():
        raise NotMade(_("What was asked does not hold any more."))
    asked = questions.asked()
    rows = write_report(file, report, asked, form, progress=progress, subscription=run.subscription_id)
    return name_of(report, asked, run.form), rows


def _list(run: ReportRun, file: IO[bytes], progress: Progress) -> Made:
    screens = {model._meta.label: screen for model, screen in admin.site._registry.items()}
    screen = screens.get(run.subject)
    if not isinstance(screen, ExportAdmin) or not run.person.is_active:
        raise NotMade(_("You may not see it any more."))
    return screen.write_list(file, run.person, QueryDict(run.query), run.form, progress)


MAKERS: Mapping[FileOf, Callable[[ReportRun, IO[bytes], Progress], Made]] = {
    FileOf.REPORT: _report,
    FileOf.LIST: _list,
}
