"""What is asked for, document by document, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guarantees.applicants import requests
from guarantees.applicants.answers import documents_of
from guarantees.models import SupplementRequest
from staff.clock import CHINA
from staff.desk.case_files import pages_text, size_text
from staff.models import CaseDocument


def wanted(asked: SupplementRequest, refused: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """`refused` says by type what was not kept of what was just sent."""
    came = documents_of(asked)
    return [
        {
            "code": one["code"],
            "name": name,
            "files": [_file(place, document) for place, document in enumerate(came[one["code"]], 1)],
            "refused": refused.get(one["code"], []),
        }
        for one, name in zip(asked.documents, requests.names(asked), strict=True)
    ]


def _file(place: int, document: CaseDocument) -> dict[str, str]:
    """Without the file's own name, which is often somebody's."""
    known = [pages_text(document)] if document.pages is not None else []
    ending = str(document.file.name).rpartition(".")[2].upper()
    sent_at = document.at.astimezone(CHINA).strftime("%m-%d %H:%M")
    return {
        "name": _("File %(number)d") % {"number": place},
        "about": " · ".join([ending, *known, size_text(document), sent_at]),
    }
