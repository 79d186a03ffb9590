"""The page on which a report is subscribed to, and the way out of a subscription."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from staff.desk.reports import subscriptions
from staff.desk.reports.asking import ReportForm
from staff.desk.reports.formats import formats_of
from staff.desk.reports.pages import refused_view
from staff.desk.reports.report import Report, report_for
from staff.models import Rhythm, User


class SubscribeForm(forms.Form):
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Rhythm.choices, initial=Rhythm.MONTHLY)
    form = forms.ChoiceField(label=gettext_lazy("Form"))
    people = forms.MultipleChoiceField(label=gettext_lazy("For"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, report: Report, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in subscriptions.who_may_be_told(report, person)}
        forms_of = cast("forms.ChoiceField", self.fields["form"])
        forms_of.choices = [(one.form, str(one.label)) for one in formats_of(report)]
        people = cast("forms.MultipleChoiceField", self.fields["people"])
        people.choices = [(pk, _named(one)) for pk, one in self.known.items()]
        people.initial = [str(person.pk)]

    def clean_people(self) -> list[User]:
        return [self.known[pk] for pk in self.cleaned_data["people"]]


def _named(person: User) -> str:
    return str(person) if person.email else _("%(person)s (no e-mail address)") % {"person": person}


def subscribe_view(request: HttpRequest, code: str, site: dict[str, Any]) -> HttpResponse:
    """The report as its address asks for it, its days left out: those are each time others."""
    person = cast("User", request.user)
    report = report_for(person, code)
    questions = ReportForm(report, person, request.GET)
    if not questions.is_valid():
        return refused_view(request, report, questions, site)
    form = SubscribeForm(report, person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        query = subscriptions.without_days(request.GET)
        subscriptions.subscribe(person, report, query, given["form"], Rhythm(given["rhythm"]), given["people"])
        messages.success(request, _("Subscribed to."))
        return redirect("admin:own_files")
    context = {
        **site,
        "title": _("Subscribe to: %(report)s") % {"report": report.label},
        "report": report,
        "form": form,
        "words": questions.asked().words,
        "mail": settings.MAIL_IS_SET_UP,
    }
    return TemplateResponse(request, "desk/subscribe.html", context)


@require_POST
def leave_view(request: HttpRequest, pk: int) -> HttpResponse:
    person = cast("User", request.user)
    subscriptions.leave(person, get_object_or_404(subscriptions.of(person), pk=pk))
    messages.success(request, _("That subscription is over for you."))
    return redirect("admin:own_files")
