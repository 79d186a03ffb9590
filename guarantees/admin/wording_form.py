"""The form by which a wording comes in: a text file, or pasted text; everything wrong with it is told at once."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.issuing import preview
from guarantees.issuing.institution import LETTERS
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording import wordings
from guarantees.letter.wording.kinds import ALLOWED
from guarantees.models import LetterKind, UploadedWording
from staff import clock
from staff.trade_words import InstitutionKind

#: Of the text in bytes: thirty times what the shipped wordings have.
LARGEST = 300 * 1024


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of letter"))
    version = forms.RegexField(
        wordings.VERSION,
        label=gettext_lazy("Version"),
        max_length=32,
        help_text=gettext_lazy("Its name: letters, digits, dots and dashes, such as 2026-1. Letters record it."),
        error_messages={"invalid": gettext_lazy("A version is named by up to 32 ASCII letters, digits, dots, dashes.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Text file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
        help_text=gettext_lazy("A .txt file in UTF-8. It takes the place of the text below."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "wording-source"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(LetterKind.choices)
        allowed = ALLOWED[InstitutionKind(settings.INSTITUTION_KIND)]
        cast("forms.ChoiceField", self.fields["kind"]).choices = [(kind, labels[kind]) for kind in allowed]

    def clean_file(self) -> str:
        """The file's text, "" where there is none."""
        upload: UploadedFile[Any] | None = self.cleaned_data["file"]
        if upload is None:
            return ""
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("Files up to %(size)d KB are taken.") % {"size": LARGEST // 1024})
        try:
            text: str = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("This file is no text in UTF-8 (byte %(position)d). Save it anew, with UTF-8 as its encoding.")
                % {"position": error.start + 1}
            ) from None
        if "\0" in text:
            raise forms.ValidationError(_("This file is no text: it holds a NUL."))
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "file" in self.errors or "text" in self.errors:
            return data
        text = data["text"] = "\n".join((data["file"] or data["text"]).splitlines()) + "\n"
        # What was read from a file stands in the form, so that it can be mended there.
        self.data = {**dict(self.data.items()), "text": text}
        if not text.strip():
            self.add_error("text", _("Choose a file, or paste a text."))
        elif not self.errors:
            kind, version = data["kind"], data["version"]
            self._check_version(kind, version)
            self._check_text(kind, version, text)
        return data

    def _check_version(self, kind: str, version: str) -> None:
        shipped = [path.stem for path in wordings.files(LETTERS, kind)]
        if version in shipped:
            self.add_error("version", _("A shipped wording is named so; give another name."))
        elif UploadedWording.objects.filter(kind=kind, version=version).exists():
            self.add_error("version", _("A wording of this name was uploaded already; give another name."))

    def _check_text(self, kind: str, version: str, text: str) -> None:
        try:
            preview.of_wording(wordings.parse(kind, version, text), clock.now())
        except wordings.WordingError as error:
            for problem in error.problems:
                self.add_error(None, problem)
        except LetterNotMade as error:
            self.add_error(None, str(error))
