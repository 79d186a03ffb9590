"""What waits for another person: the list of proposals, and a page on which one is confirmed, changed or returned."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import AllValuesFieldListFilter, ModelAdmin
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import proposals
from staff.audit import history
from staff.decisions import Decision, Inapplicable, decisions_on
from staff.desk.case import CaseAdmin
from staff.desk.document import served
from staff.desk.export import Column, columns
from staff.desk.home import COUNTERS
from staff.desk.page import NOTHING, Badge, Event, Flag, Row, Section, Text, Tone, moment, rows, two_lines, value_text
from staff.desk.timeline import audit_events
from staff.models import BusinessParameter, ChangeRequest, KeptWordList, Proposal, ProposalState, User
from staff.parameters import PARAMETERS
from staff.stored_files import Document, stored
from staff.word_lists import WORD_LISTS

TONES: dict[str, Tone] = {
    ProposalState.PROPOSED: Tone.WAITS,
    ProposalState.CONFIRMED: Tone.GOOD,
    ProposalState.CHANGED: Tone.OVER,
    ProposalState.RETURNED: Tone.BAD,
    ProposalState.WITHDRAWN: Tone.OVER,
    ProposalState.LAPSED: Tone.OVER,
}


class ConfirmedBy(AllValuesFieldListFilter):
    """By the permission that confirms, each called as the number of the home page that leads here."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        names = {counter.filters.get("permission"): counter.label for counter in COUNTERS if counter.filters}
        for choice in super().choices(changelist):
            yield {**choice, "display": names.get(choice["display"], choice["display"])}


class EveryProposalAdmin(CaseAdmin):
    """Whoever may see a case sees what is proposed on it; what is personal in it, whoever may propose or confirm it."""

    list_display = ["what", "state_badge", "proposed", "decided"]
    list_display_links = ["what"]
    tabs_field = "state"
    list_filter = [("permission", ConfirmedBy)]
    search_fields = ["case_text"]
    search_help_text = gettext_lazy("Number of the case")
    on_data: bool

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        seen = [
            model._meta.label_lower
            for model, shown in self.admin_site._registry.items()
            if shown.has_view_permission(request)
        ]
        found: QuerySet[Proposal] = super().get_queryset(request)
        return found.filter(on_data=self.on_data, subject_type__in=seen).select_related("proposed_by", "decided_by")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_view_permission(request, obj):
            return False
        return obj is None or self._shown_by(obj).get_queryset(request).filter(pk=obj.subject_id).exists()

    def all_decisions(self) -> list[Decision[Any]]:
        return decisions_on(Proposal)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_file"
        view = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/<slug:field>/", view, name=name), *super().get_urls()]

    def file_view(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """What was handed in with a proposal."""
        proposal: Any = self.get_object(request, str(pk))
        if proposal is None or field not in proposal.files or not self.has_view_permission(request, proposal):
            raise Http404
        kept = proposal.files[field]
        file = stored(Document(kept["path"], kept["digest"]), kept["name"])
        if file is None:
            raise Http404
        return served(file.read(), name=f"proposal-{pk}-{field}", kind=kept["path"].rpartition(".")[2])

    @admin.display(description=gettext_lazy("proposal"), ordering="proposed_at")
    def what(self, proposal: Proposal) -> SafeString:
        return two_lines(proposals.decision_label(proposal.decision), self.shown_as(proposal))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, proposal: Proposal) -> str:
        return str(self.badge(proposal))

    @admin.display(description=gettext_lazy("proposed"), ordering="proposed_at")
    def proposed(self, proposal: Proposal) -> SafeString:
        return two_lines(proposal.proposed_by, moment(proposal.proposed_at))

    @admin.display(description=gettext_lazy("decided"), ordering="decided_at")
    def decided(self, proposal: Proposal) -> SafeString:
        return two_lines(proposal.decided_by or NOTHING, moment(proposal.decided_at))

    def export_columns(self, person: User) -> list[Column]:
        return [
            Column(_("proposal"), lambda proposal: str(proposals.decision_label(proposal.decision))),
            *columns(Proposal, "case_text", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "note"),
        ]

    def shown_as(self, record: Proposal) -> Text:
        return record.case_text

    def heading(self, record: Proposal) -> str:
        return str(proposals.decision_label(record.decision))

    def badge(self, record: Proposal) -> Badge:
        return Badge(record.get_state_display(), TONES[record.state])

    def flags(self, record: Proposal, person: User) -> list[Flag]:
        if record.state != ProposalState.PROPOSED:
            return []
        reason = proposals.obstacle_to(record, person)
        flags = [Flag(reason, Tone.BAD)] if reason and not isinstance(reason, Inapplicable) else []
        since = history(record.case).filter(chain=record.chain, at__gt=record.proposed_at)
        # Taken away row by row: an exclude by a key leaves out the rows that have no such key, too.
        own = since.filter(details__proposal=record.pk)
        if number := since.exclude(pk__in=own.values("pk")).count():
            flags.append(
                Flag(_("%(number)d entries were added to the case since this was proposed.") % {"number": number})
            )
        return flags

    def questions(self, case: Proposal, person: User) -> list[Flag]:
        return super().questions(case, person) if not case.on_data else []

    def timeline(self, case: Proposal, person: User) -> list[Event]:
        return audit_events(history(case.case).filter(details__proposal=case.pk), person)

    def sections(self, record: Proposal, person: User) -> list[Section]:
        decided = []
        if record.decided_at:
            decided = [
                Section(_("Decision"), rows(record, "decided_by", "decided_at", *(["note"] if record.note else [])))
            ]
        return [self.summary(record, person), *decided]

    def summary(self, case: Proposal, person: User) -> Section:
        subject = case.case
        link = format_html(
            '<a href="{}">{} {}</a>',
            reverse(self._case_page(subject), args=[subject.pk]),
            case.case_model._meta.verbose_name,
            self.shown_as(case),
        )
        return Section(
            _("What is proposed"),
            [
                Row(_("case"), link),
                *self._facts(case, subject, person),
                *rows(case, "proposed_by", "proposed_at"),
                *(rows(case, "until") if case.state == ProposalState.PROPOSED else []),
            ],
        )

    def _facts(self, proposal: Proposal, subject: models.Model, person: User) -> Iterator[Row]:
        """What is proposed, field by field; of data, beside what it says now."""
        decision, form = proposals.decision_of(proposal), proposals.form_of(proposal, subject)
        whole = person.has_perm(decision.permission) or person.has_perm(proposal.permission)
        form.is_valid()
        values: dict[str, Any] = getattr(form, "cleaned_data", {})
        before = decision.initial(subject) if proposal.on_data and proposal.state == ProposalState.PROPOSED else {}
        for name, field in form.fields.items():
            if field.widget.is_hidden:
                continue
            value = values.get(name, form.data.get(name))
            if isinstance(field, forms.FileField):
                if name in proposal.files:
                    yield Row(field.label or name, self._file_link(proposal, name))
                continue
            if name in decision.personal_fields and not whole:
                yield Row(field.label or name, f"••••{str(value or '')[-4:]}", "masked")
                continue
            text: Any = shown(field, value)
            if name in before and before[name] != value:
                text = format_html("<del>{}</del> → <strong>{}</strong>", shown(field, before[name]), text)
            look = "amount" if isinstance(value, Decimal) else "lines" if "\n" in str(value) else ""
            yield Row(field.label or name, text, look)

    def _file_link(self, proposal: Proposal, name: str) -> SafeString:
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_file"
        url = reverse(address, args=[proposal.pk, name])
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', url, _("Open"))

    def _shown_by(self, proposal: Proposal) -> ModelAdmin[Any]:
        return self.admin_site._registry[proposal.case_model]

    def _case_page(self, subject: models.Model) -> str:
        return f"admin:{subject._meta.app_label}_{subject._meta.model_name}_change"


@admin.register(Proposal)
class ProposalAdmin(EveryProposalAdmin):
    on_data = False


@admin.register(ChangeRequest)
class ChangeRequestAdmin(EveryProposalAdmin):
    on_data = True

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What else waits for a second person, each with its number: it is confirmed on a page of its own."""
        person = cast("User", request.user)
        shown = [counter for counter in COUNTERS if counter.on_data and counter.shown_to(person)]
        waits = [(counter, counter.rows(person).count()) for counter in shown]
        return [{"label": f"{counter.label}: {number}", "url": counter.url} for counter, number in waits if number]

    def shown_as(self, record: Proposal) -> Text:
        """A parameter and a list of words by their labels: what is kept with the proposal is their code."""
        codes: dict[str, Text] = {}
        if record.case_model is BusinessParameter:
            codes = {one.code: one.label for one in PARAMETERS}
        elif record.case_model is KeptWordList:
            codes = {one.code: one.label for one in WORD_LISTS}
        return codes.get(record.case_text, record.case_text)


def shown(field: forms.Field, value: Any) -> Text:
    """A form's value as people read it."""
    if told := getattr(field, "told", None):
        return cast("Text", told(value))
    if isinstance(field, forms.ModelChoiceField | forms.FileField) or isinstance(value, UploadedFile):
        return str(value or NOTHING)
    if isinstance(field, forms.MultipleChoiceField):
        labels: dict[Any, Text] = dict(field.choices)  # type: ignore[arg-type]
        return "、".join(str(labels.get(one, one)) for one in value or ()) or NOTHING
    if isinstance(field, forms.ChoiceField):
        words: dict[Any, Text] = dict(field.choices)  # type: ignore[arg-type]
        return words.get(value, str(value or NOTHING))
    return str(value_text(value))
