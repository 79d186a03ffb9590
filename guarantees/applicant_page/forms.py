"""What the applicant's page asks for."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from guarantees.applicants.links import CODE_DIGITS


class _DigitsField(forms.CharField):
    """What a person types on a telephone, perhaps in full-width digits."""

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split())


class CodeForm(forms.Form):
    """The code of the link."""

    code = _DigitsField(
        label=_("Last four digits of the telephone"),
        max_length=16,
        validators=[RegexValidator(rf"\A[0-9]{{{CODE_DIGITS}}}\Z", _("Four digits, please."))],
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": CODE_DIGITS, "autofocus": True}
        ),
    )


class AnswerForm(forms.Form):
    """That all is there, and what the applicant wants to say with it."""

    words = forms.CharField(
        label=_("Remark to us"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("If you cannot send one of the documents, say why."),
    )
