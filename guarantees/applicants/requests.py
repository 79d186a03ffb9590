"""Asking an applicant for documents (补件): the specification has no message for it, so the platform is told of none.

While an answer is waited for, the clock of the decision on the application rests. Everything here is called under the
order's lock, in the transaction of what brings it about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guarantees.document_types import DOCUMENTS
from guarantees.models import Application, ApplicationState, Order, SupplementRequest, SupplementState
from staff import clock
from staff.audit import move, record
from staff.case_files import APPLICANT
from staff.desk.page import Tone
from staff.events import EventKind
from staff.looks import Text
from staff.models import User
from staff.parameters import Parameter, ParameterGroup
from staff.reminders.kinds import ReminderKind
from staff.reminders.telling import tell
from staff.roles import Role

DAYS: Parameter[int] = Parameter(
    code="applicants.answer_days",
    label=_("Working days in which an applicant answers a request for documents"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=1, max_value=60),
    default=5,
    source=_("Our proposal; no rule says it."),
    help=_("What a request begins with; whoever asks may give another day."),
)

ANSWERED = EventKind("supplement.answered", _("Applicant answered the request"), "task_alt", Tone.GOOD)
OVERDUE = EventKind("supplement.overdue", _("Documents overdue"), "hourglass", Tone.WARNING)
CLOSED = EventKind("supplement.closed", _("Request for documents closed unanswered"), "event_busy", Tone.OVER)
EVENTS = [OVERDUE, CLOSED, ANSWERED]


def is_looked_at(application: Application) -> bool:
    """Whether somebody has gone on with an application for which documents came."""
    return application.state != ApplicationState.RECEIVED or application.supplements.pending().exists()


def is_late_no_more(application: Application) -> bool:
    return not application.supplements.filter(state=SupplementState.OVERDUE).exists()


CAME = ReminderKind("supplement.answered", _("documents came"), Role.UNDERWRITER, urgent=False, is_over=is_looked_at)
MISSING = ReminderKind(
    "supplement.overdue", _("documents overdue"), Role.UNDERWRITER, urgent=False, is_over=is_late_no_more
)
REMINDERS = [CAME, MISSING]


def names(asked: SupplementRequest) -> list[str]:
    """What is asked for, as the reader's language calls it while it is still called so, else as it was called then."""
    return [_name(one["code"], one["name"]) for one in asked.documents]


def _name(code: str, was: str) -> str:
    present = DOCUMENTS.find(code)
    return str(present.text) if present and _in_chinese(present.text) == was else was


def _in_chinese(text: Text) -> str:
    with translation.override("zh-hans"):
        return str(text)


def ask(
    application: Application, documents: Sequence[str], words: str, deadline: date, person: User
) -> SupplementRequest:
    """Asks for documents of these types, for each once; the caller has seen that no other request is pending."""
    chosen = map(DOCUMENTS.find, dict.fromkeys(documents))
    asked = SupplementRequest.objects.create(
        application=application,
        number=application.supplements.count() + 1,
        documents=[{"code": one.code, "name": _in_chinese(one.text)} for one in chosen if one],
        words=words,
        deadline=deadline,
        asked_by=person,
        asked_at=clock.now(),
    )
    application.wait_for_documents()
    return asked


def receive_answer(asked: SupplementRequest, words: str) -> None:
    """The applicant says that all is there that there will be; the clock of the decision goes on."""
    application, was = asked.application, asked.state
    asked.answer = words
    asked.receive_answer()
    asked.save()
    record(
        chain=asked.audit_chain,
        event=ANSWERED,
        subject=asked,
        actor=None,
        actor_name=APPLICANT,
        from_state=was,
        to_state=asked.state,
        details={"supplement": asked.number},
    )
    application.go_on()
    application.save()
    tell(CAME, application, application.order.number)


def closing_sentence(application: Application) -> str:
    """What whoever decides on the application is told of a request that they end by it; "" where there is none."""
    if not application.pending_request():
        return ""
    return " " + gettext("The applicant was asked for documents and has not answered; the request is closed by this.")


def close(application: Application, person: User) -> None:
    """The application is decided on, or its order cancelled: what was still asked for is wanted no more."""
    if asked := application.pending_request():
        move(asked, asked.close, CLOSED, actor=person, details={"supplement": asked.number})


def watch_deadlines() -> None:
    """Notes which deadlines have passed, each once, and tells the underwriters: what follows a person decides."""
    for asked in SupplementRequest.objects.past(clock.today()).select_related("application").order_by("deadline"):
        with transaction.atomic():
            Order.lock(asked.application.order_id)
            late = SupplementRequest.objects.past(clock.today()).filter(pk=asked.pk).first()
            if late is None:  # it was answered, or ended, meanwhile
                continue
            move(late, late.run_over, OVERDUE, actor=None, details={"supplement": late.number})
            tell(MISSING, late.application, late.application.order.number)
