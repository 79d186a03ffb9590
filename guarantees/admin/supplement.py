"""What an applicant was asked for, as the page of its application shows it; the message to it; lists by that."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.admin.personal import may_see_personal_data
from guarantees.applicants import links, notices, requests
from guarantees.applicants.answers import documents_of
from guarantees.badges import supplement_badge
from guarantees.decisions.applicant_link import MakeLink
from guarantees.models import Application, ApplicationState, LinkEnd, SupplementRequest, SupplementState
from guarantees.models.supplement import PENDING
from staff.desk.filters import ChoiceFilter
from staff.desk.page import Flag, Row, Section, Tone, day, moment
from staff.models import User


def _with(applications: QuerySet[Application], *states: str) -> QuerySet[Application]:
    """Those to be decided that have a request in one of these states."""
    asked = SupplementRequest.objects.filter(application=OuterRef("pk"), state__in=states)
    return applications.filter(Exists(asked), state=ApplicationState.RECEIVED)


def _came(applications: QuerySet[Application]) -> QuerySet[Application]:
    return _with(applications, SupplementState.ANSWERED).exclude(pk__in=_with(applications, *PENDING).values("pk"))


class Supplements(ChoiceFilter):
    """Applications by what they wait for: the applicant's documents, or us, who have them."""

    title = gettext_lazy("documents asked for")
    parameter_name = "documents"
    choices_of_rows = {
        "awaited": (gettext_lazy("awaited"), lambda rows: _with(rows, SupplementState.OPEN)),
        "overdue": (gettext_lazy("overdue"), lambda rows: _with(rows, SupplementState.OVERDUE)),
        "came": (gettext_lazy("came, to be looked at"), _came),
    }


def look_up_once(application: Application) -> None:
    """What its page asks for several times: whether something is asked for, and whether there is a link."""
    prefetch_related_objects([application], "supplements__asked_by", "order__applicant_links")


def supplement_flags(application: Application) -> list[Flag]:
    """What somebody should know before deciding."""
    asked = next(iter(application.supplements.all()), None)
    flags = []
    if asked and asked.state == SupplementState.OPEN:
        text = _("The applicant was asked for documents by %(day)s; the clock of the decision rests.")
        flags.append(Flag(text % {"day": day(asked.deadline)}, Tone.PLAIN))
    if asked and asked.state == SupplementState.OVERDUE:
        text = _("The documents asked for were due by %(day)s and did not come: decide what follows.")
        flags.append(Flag(text % {"day": day(asked.deadline)}))
    latest = next(iter(application.order.applicant_links.all()), None)
    if latest and latest.ended_why == LinkEnd.WRONG_CODES:
        text = _("The applicant's link was stopped after %(number)d wrong codes; make a new one once you spoke to it.")
        flags.append(Flag(text % {"number": latest.wrong_codes}, Tone.BAD))
    return flags


def supplement_sections(application: Application, person: User) -> list[Section]:
    """The requests and what came; the message with the link, for whoever hands papers to applicants."""
    asked = list(application.supplements.all())
    link = links.live_link(application.order)
    if not asked and not link:
        return []
    content: dict[str, Any] = {"requests": [_entry(one, person) for one in asked]}
    if link:
        content["link"] = [
            Row(_("valid until"), moment(link.expires_at)),
            Row(_("last opened"), moment(link.opened_at)),
            *([Row(_("wrong codes"), link.wrong_codes)] if link.wrong_codes else []),
        ]
        if person.has_perm(MakeLink.permission):
            content["notice"] = notices.text(application, link, next((one for one in asked if one.is_pending), None))
    return [
        Section(_("Asked of the applicant"), template="desk/supplements.html", content=content, anchor="supplements")
    ]


def _entry(asked: SupplementRequest, person: User) -> dict[str, Any]:
    answer = asked.answer if may_see_personal_data(person) else "••••"
    return {
        "number": asked.number,
        "badge": supplement_badge(asked),
        "documents": [
            {"name": name, "files": [reverse("admin:staff_casedocument_change", args=[file.pk]) for file in files]}
            for name, files in zip(requests.names(asked), documents_of(asked).values(), strict=True)
        ],
        "rows": [
            Row(_("asked by"), f"{asked.asked_by} · {moment(asked.asked_at)}"),
            Row(_("deadline"), day(asked.deadline)),
            *([Row(_("words to the applicant"), asked.words, "wide")] if asked.words else []),
            *([Row(_("ended at"), moment(asked.ended_at))] if asked.ended_at else []),
            *([Row(_("applicant's answer"), answer, "wide")] if asked.answer else []),
        ],
    }
