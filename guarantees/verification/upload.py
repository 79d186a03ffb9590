"""A file that somebody gives us to verify: up to 20 MB. What the public sends is never written to a disk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext_lazy as _

from staff.files import LARGEST_FILE

#: What a form is larger than its file.
FORM = 64 * 1024


class LetterField(forms.FileField):
    """What is wrong with the file is the judgement's to say."""

    default_error_messages = {
        "required": _("Choose a file first."),
        "large": _("The file is larger than 20 MB."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile) and (upload.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(self.error_messages["large"], "large")
        return upload


class FileForm(forms.Form):
    """A letter as a file."""

    file = LetterField(
        label=_("The letter as a PDF file"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "data-largest": LARGEST_FILE}),
    )


class InMemory(MemoryFileUploadHandler):
    """Keeps a file of any size in memory; whoever uses it has looked at the request's length."""

    def handle_raw_input(self, *_args: Any, **_kwargs: Any) -> None:
        self.activated = True
