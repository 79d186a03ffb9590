"""Mails the files of subscribed reports, outside any transaction. What is not mailed lies among the person's files.

Reports name firms and staff; what is personal of an application stands in no report, and so in no mail.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import record_of
from staff.desk.reports import runs
from staff.events import EventKind
from staff.models import ReportRun, RunState

log = logging.getLogger(__name__)

MAILED = EventKind("report.mailed", gettext_lazy("Report mailed"), "forward_to_inbox")
#: The wait between two attempts, which is an attempt's lease too.
WAIT = timedelta(minutes=10)
MOST_ATTEMPTS = 5
#: In bytes: a larger file is not attached.
LARGEST = 10 * 1024 * 1024


def due() -> QuerySet[ReportRun]:
    return ReportRun.objects.filter(state=RunState.READY, mail_at__lte=clock.now()).order_by("mail_at", "pk")


def mail_due() -> int:
    """Tries each that is due once; how many were mailed."""
    mailed = 0
    for pk, mail_at in list(due().values_list("pk", "mail_at")):
        mine = ReportRun.objects.filter(pk=pk, mail_at=mail_at)
        if mine.update(mail_at=clock.now() + WAIT, mail_attempts=F("mail_attempts") + 1):
            mailed += _mail(ReportRun.objects.select_related("person").get(pk=pk))
    return mailed


def _mail(run: ReportRun) -> bool:
    row = ReportRun.objects.filter(pk=run.pk)
    if not runs.may_take(run, run.person) or not run.person.email:
        row.update(mail_at=None)
        return False
    try:
        with translation.override(run.language):
            _message(run).send()
    except OSError as error:
        # Not its text, which may quote an address.
        log.warning("File %s was not mailed: %s", run.pk, type(error).__name__)
        if run.mail_attempts >= MOST_ATTEMPTS:
            row.update(mail_at=None)
        return False
    row.update(mail_at=None, mailed_at=clock.now())
    record_of(run.person, MAILED, {"report": run.subject, "form": run.form, "subscription": run.subscription_id})
    return True


def _message(run: ReportRun) -> EmailMessage:
    page = settings.PUBLIC_URL + reverse("admin:own_files")
    title = run.name.rpartition(".")[0]
    content = b"".join(runs.content(run))
    attached = len(content) <= LARGEST
    where = (
        _("The report that you subscribed to is attached.")
        if attached
        else _("The report that you subscribed to is too large for a mail.")
    )
    text = _("%(where)s For %(days)d days it also lies among your files: %(page)s")
    values = {"where": where, "days": runs.KEPT.days, "page": page}
    message = EmailMessage(
        f"{settings.INSTITUTION_NAME} {title}".strip(), text % values, settings.DEFAULT_FROM_EMAIL, [run.person.email]
    )
    if attached:
        message.attach(run.name, content, "application/octet-stream")
    return message
