"""The field by which a document comes to a case, on the desk and on the applicant's page alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from staff.case_files import examined
from staff.contents.examination import SENTENCES, NotTaken
from staff.contents.found import Fault
from staff.files import LARGEST_FILE


class CaseFileField(forms.FileField):
    """A PDF, OFD, JPEG or PNG of up to 20 MB, examined by its content; gives an ExaminedFile."""

    default_error_messages = {"empty": _("This file is empty.")}

    def __init__(self, **kwargs: Any) -> None:
        accepted = {
            "accept": ".pdf,.ofd,.jpg,.jpeg,.png",
            "data-largest": LARGEST_FILE,
            "data-too-large": SENTENCES[Fault.TOO_LARGE],
        }
        super().__init__(widget=forms.FileInput(attrs=accepted), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return upload
        try:
            return examined(upload)
        except NotTaken as refusal:
            raise forms.ValidationError(str(refusal), refusal.fault.value) from refusal
