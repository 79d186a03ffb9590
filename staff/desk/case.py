"""A case: its page, its timeline, and the decisions that this person may take on it now."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy

from staff import accounts, proposals
from staff.audit import last_number
from staff.case_files import history_of
from staff.decisions import Decision, DecisionRefused, Inapplicable, decisions_on
from staff.desk.case_files import kept_section
from staff.desk.home import is_turn_of, others_turn
from staff.desk.page import Event, Flag, Section
from staff.desk.panels import panel_sections
from staff.desk.record import RecordAdmin
from staff.desk.timeline import audit_events
from staff.models import Proposal, User
from staff.roles import Role
from staff.units import covers

log = logging.getLogger(__name__)


class GuardForm(forms.Form):
    """What every decision's page carries beside the decision's own form."""

    #: The number of the last audit entry that the person has seen.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=gettext_lazy("I am sure: this ends the case and cannot be undone."),
        error_messages={"required": gettext_lazy("Tick this to confirm.")},
    )

    def __init__(self, data: Any, *, seen: int, final: bool) -> None:
        super().__init__(data, initial={"seen": seen})
        if not final:
            del self.fields["sure"]


class CaseAdmin(RecordAdmin):
    """The page of a case; a decision is taken on a page of its own, at `<pk>/decide/<name>/`."""

    page_template = "desk/case.html"

    def all_decisions(self) -> list[Decision[Any]]:
        """Every decision there is on such a case."""
        return decisions_on(self.model)

    def timeline(self, case: Any, person: User) -> list[Event]:
        """What happened, the latest first."""
        return audit_events(history_of(case), person)

    def summary(self, case: Any, person: User) -> Section:
        """What a person wants beside the form when deciding."""
        raise NotImplementedError

    def background(self, case: Any, person: User) -> list[Section]:
        """What stands below all else, the rooms' panels too: what the case came with."""
        return []

    def questions(self, case: Any, person: User) -> list[Flag]:
        """Whether one of the people on the case had the account of another made."""
        return [Flag(question) for question in accounts.questions(case.audit_chain, person)]

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<path:object_id>/decide/<slug:name>/",
                self.admin_site.admin_view(self.decide_view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_decide",
            ),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, record: models.Model) -> dict[str, Any]:
        person = cast("User", request.user)
        offered, held_up = [], []
        waiting = list(proposals.waiting_on(record))
        for decision in self.all_decisions():
            if decision.keeps or not decision.permits(record, person):
                continue
            reason = decision.why_not(record, person) or proposals.twin_obstacle(decision, waiting)
            shown = {"name": decision.name, "label": decision.label, "final": decision.final}
            if reason is None:
                offered.append({**shown, "url": self.decide_url(record, decision)})
            elif not isinstance(reason, Inapplicable):
                held_up.append({**shown, "reason": reason})
        context = super().page_context(request, record)
        return {
            **context,
            "flags": [*context["flags"], *self.questions(record, person)],
            "sections": [
                *context["sections"],
                *kept_section(record, person),
                *panel_sections(record, person),
                *self.background(record, person),
            ],
            "decisions": offered,
            "held_up": held_up,
            "proposals": [self._proposed(proposal, person) for proposal in waiting],
            "is_their_turn": is_turn_of(person, record),
            # What waits for a second person waits for nobody else meanwhile.
            "others_turn": "" if waiting else _names(others_turn(record, person)),
            "events": self.timeline(record, person),
        }

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a case is the timeline on its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(self.case_url(unquote(object_id)) + "#timeline")

    def case_url(self, pk: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def decide_url(self, case: models.Model, decision: Decision[Any]) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_decide", args=[case.pk, decision.name])

    def decide_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Asks what the decision asks for, and takes it; taken or refused, a fresh page follows by GET."""
        person = cast("User", request.user)
        case = self.get_object(request, unquote(object_id))
        decision = next((decision for decision in self.all_decisions() if decision.name == name), None)
        if case is None or decision is None or not isinstance(case, decision.model):
            raise Http404
        if not self.has_view_permission(request, case) or not decision.permits(case, person):
            raise PermissionDenied
        waiting = proposals.waiting_on(case)
        if reason := decision.why_not(case, person) or proposals.twin_obstacle(decision, waiting):
            return self._refused(request, case, decision, reason)
        posted = request.method == "POST"
        form = decision.form(case, request.POST if posted else None, request.FILES if posted else None)
        guard = GuardForm(request.POST if posted else None, seen=last_number(case.audit_chain), final=decision.final)
        if posted and form.is_valid() & guard.is_valid():
            try:
                done = proposals.decide(decision, case.pk, person, form, seen=guard.cleaned_data["seen"])
            except DecisionRefused as refusal:
                return self._refused(request, case, decision, str(refusal))
            messages.success(request, done)
            # It may have gone to a unit whose cases this person does not see.
            seen = covers(person, self.model._default_manager.get(pk=case.pk))
            return redirect(
                self.case_url(case.pk) if seen else f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
            )
        context = {
            **RecordAdmin.page_context(self, request, case),
            "decision": decision,
            "consequence": decision.consequence(case),
            "is_proposed": bool(decision.second_permission(case, decision.initial(case))),
            "form": form,
            "guard": guard,
            "flags": self.questions(case, person),
            "summary": self.summary(case, person),
            "case_url": self.case_url(case.pk),
        }
        return TemplateResponse(request, "desk/decide.html", context)

    def beginning(
        self,
        request: HttpRequest,
        form_class: type[forms.Form],
        begin: Callable[[User, dict[str, Any]], models.Model],
        *,
        title: str,
        consequence: str,
        afterwards: str,
        done: str,
        back: str,
    ) -> HttpResponse:
        """The page on which something new is begun: as one on which a case is decided, without a case. `begin` makes it
        as the form says, or raises ValidationError; `back` is the URL name of the list."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                begun = begin(cast("User", request.user), form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, done)
                return redirect(self.case_url(begun.pk))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "original": title,
            "decision": {"label": title, "final": False},
            "consequence": consequence,
            "form": form,
            "guard": GuardForm(None, seen=0, final=False),
            "summary": Section(gettext("Afterwards"), note=afterwards),
            "case_url": reverse(back),
        }
        return TemplateResponse(request, "desk/decide.html", context)

    def _proposed(self, proposal: Proposal, person: User) -> dict[str, Any]:
        """What waits for another person, as the page shows it; it opens for whoever may see proposals."""
        kind = "changerequest" if proposal.on_data else "proposal"
        return {
            "label": proposals.decision_of(proposal).label,
            "for": _names(accounts.roles_that_may([proposal.permission])),
            "by": proposal.proposed_by,
            "at": proposal.proposed_at,
            "url": reverse(f"admin:staff_{kind}_change", args=[proposal.pk])
            if person.has_perm(f"staff.view_{kind}")
            else "",
        }

    def _refused(self, request: HttpRequest, case: models.Model, decision: Decision[Any], reason: str) -> HttpResponse:
        log.info("%s refused on %s %s", decision.name, case._meta.label, case.pk)
        messages.error(request, gettext("%(decision)s: %(reason)s") % {"decision": decision.label, "reason": reason})
        return redirect(self.case_url(case.pk))


def _names(roles: list[Role]) -> str:
    return "、".join(str(role.label) for role in roles)
