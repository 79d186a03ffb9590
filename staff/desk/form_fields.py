"""What staff give in forms: a day, a sum of money in CNY (Decimal), a moment that has been (aware, to the second), when
money moved, and a document: a PDF, JPEG or PNG, which `store` keeps in the storage under its digest.

Each field takes what can be meant and refuses the rest with a sentence.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.files import LARGEST_FILE
from staff.stored_files import kind_of


class DocumentField(forms.FileField):
    """A PDF, JPEG or PNG of up to 20 MB, told by its content and not by its name."""

    default_error_messages = {
        "large": gettext_lazy("Files up to 20 MB are taken."),
        "kind": gettext_lazy("This is neither a PDF nor a JPEG or PNG image."),
    }

    def __init__(self, **kwargs: Any) -> None:
        limit = {"data-largest": LARGEST_FILE, "data-too-large": self.default_error_messages["large"]}
        super().__init__(widget=forms.FileInput(attrs=limit), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            if (upload.size or 0) > LARGEST_FILE:
                raise forms.ValidationError(self.error_messages["large"], "large")
            if kind_of(upload) is None:
                raise forms.ValidationError(self.error_messages["kind"], "kind")
        return upload


class SecretField(forms.CharField):
    """Takes a secret and never shows one; a browser keeps none for it."""

    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})

    def told(self, value: str) -> str:
        """What may be seen of it, where what was given is shown."""
        return "••••" if value else "—"


class DayField(forms.DateField):
    """A day that a person chooses, within what can be meant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day.year not in clock.PLAUSIBLE_YEARS:
            raise forms.ValidationError(
                _("Give a year from %(first)d to %(last)d.")
                % {"first": clock.PLAUSIBLE_YEARS[0], "last": clock.PLAUSIBLE_YEARS[-1]}
            )
        return day


class MoneyInput(forms.DecimalField):
    """A sum in CNY that a person gives: to the fen, within what every database gives back exactly (decisions F3)."""

    def __init__(self, *, min_value: Decimal = Decimal("0.01"), **kwargs: Any) -> None:
        messages = {"max_decimal_places": gettext_lazy("A sum goes to the fen: two digits after the point at most.")}
        limits = {"max_digits": 15, "decimal_places": 2, "min_value": min_value}
        super().__init__(**{"error_messages": messages, **kwargs, **limits})


class PastMomentField(forms.DateTimeField):
    """A moment that has been, as a person reads it off a statement."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S")
        formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment and moment.year < clock.PLAUSIBLE_YEARS[0]:
            raise forms.ValidationError(_("This time is too long ago."))
        if moment and moment > clock.now():
            raise forms.ValidationError(_("This time is still to come."))
        return moment


#: A time further back than this is asked for twice: more often it is a slip of the year or the month than meant.
LONG_PAST = timedelta(days=30)


class MoneyMovedForm(forms.Form):
    """When money moved, as the bank shows it: not before `since`, when what it pays came to be, and confirmed where it
    is long past."""

    paid_at = PastMomentField(label=gettext_lazy("Paid at"))
    long_past = forms.BooleanField(
        label=gettext_lazy("The time is right: it was that long ago."), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, since: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: A person gives whole seconds.
        self.since = since.replace(microsecond=0)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        paid_at, confirmed = data.get("paid_at"), data.pop("long_past", False)
        if paid_at and paid_at < self.since:
            earliest = timezone.localtime(self.since).strftime("%Y-%m-%d %H:%M:%S")
            self.add_error("paid_at", _("This is before what it pays came to be, at %(since)s.") % {"since": earliest})
        elif paid_at and clock.now() - paid_at > LONG_PAST:
            self.fields["long_past"].widget = forms.CheckboxInput()
            if not confirmed:
                days = (clock.now() - paid_at).days
                self.add_error("long_past", _("This was %(days)d days ago. Correct it, or tick this.") % {"days": days})
        return data
