"""Staff make the applicant's link, or stop it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.applicants import links
from guarantees.decisions.case import OrderDecision
from guarantees.models import Application, LinkEnd
from staff.decisions import Inapplicable, ReasonForm
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User


class MakeLink(OrderDecision[Application]):
    name = "make_link"
    label = gettext_lazy("Make the applicant's link")
    permission = "guarantees.make_payment_notice"
    model = Application
    event = EventKind("applicant_link.made", gettext_lazy("Applicant's link made"), "link")

    def obstacle(self, case: Application, person: User) -> str | None:
        if links.live_link(case.order):
            return Inapplicable(_("The applicant has a link already."))
        if not case.is_alive:
            return Inapplicable(_("There is nothing more to show to the applicant."))
        if not links.code_of(case.order):
            return Inapplicable(_("The application gives no telephone of four digits, which would be the code."))
        return None

    def consequence(self, case: Application) -> str:
        return _(
            "The applicant sees how its application stands, what to pay, and the letter once issued. Copy the message "
            "on the page of the case and send it; the page asks for the last four digits of the contact's telephone."
        )

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        links.make_valid(case, person)


class StopLink(OrderDecision[Application]):
    name = "stop_link"
    label = gettext_lazy("Stop the applicant's link")
    permission = "guarantees.make_payment_notice"
    model = Application
    form_class = ReasonForm
    event = EventKind("applicant_link.stopped", gettext_lazy("Applicant's link stopped"), "link_off", Tone.OVER)

    def obstacle(self, case: Application, person: User) -> str | None:
        return None if links.live_link(case.order) else Inapplicable(_("The applicant has no link."))

    def consequence(self, case: Application) -> str:
        return _("Whoever has the link sees nothing any more, at once. A new one can be made afterwards.")

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        if link := links.live_link(case.order):
            links.end(link, LinkEnd.STOPPED)
