"""What is kept with a case, as its page shows it: documents, notes, and what this person may add."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staff.case_files import documents_on, notes_on
from staff.decisions import decisions_on
from staff.desk.page import NOTHING, Badge, Section, Text, Tone
from staff.files import MEGABYTE
from staff.models import CaseDocument, DocumentState, User
from staff.units import covers

TONES: dict[str, Tone] = {DocumentState.ON_FILE: Tone.GOOD, DocumentState.STRUCK_OUT: Tone.OVER}


def document_badge(document: CaseDocument) -> Badge:
    return Badge(document.get_state_display(), TONES[document.state])


def document_title(document: CaseDocument) -> str:
    """ "801 Notice of award", with what it is where somebody said so."""
    return f"{document.kind} {document.kind_text}" + (f"：{document.words}" if document.words else "")


def pages_text(document: CaseDocument) -> str:
    if document.pages is None:
        return NOTHING
    return _("pages: %(number)d") % {"number": document.pages}


def size_text(document: CaseDocument) -> str:
    """In MB, or in KB where it is smaller."""
    if document.size >= MEGABYTE:
        return f"{document.size / MEGABYTE:.1f} MB"
    return f"{max(1, round(document.size / 1024))} KB"


def case_link(case: Model) -> SafeString | str:
    """The case, leading to its page where it has one."""
    name = f"{case._meta.app_label}_{case._meta.model_name}"
    try:
        url = reverse(f"admin:{name}_change", args=[case.pk])
    except NoReverseMatch:
        return str(case)
    return format_html('<a href="{}">{} {}</a>', url, case._meta.verbose_name, case)


def kept_section(case: Model, person: User) -> list[Section]:
    """The documents and notes of a case with what the person may add; nothing where there is neither."""
    if not person.has_perm("staff.view_casedocument"):
        return []
    documents, notes = documents_on(case), notes_on(case)
    adding = [_offer(case, decision) for decision in decisions_on(type(case)) if _may(decision, case, person)]
    if not (documents or notes or adding):
        return []
    content = {
        "documents": [_line(document) for document in documents],
        "notes": notes,
        "adding": adding,
        "on_file": sum(document.state == DocumentState.ON_FILE for document in documents),
    }
    return [Section(_("Documents and notes"), template="desk/case_files.html", content=content, anchor="kept")]


def _may(decision: Any, case: Model, person: User) -> bool:
    return decision.keeps and person.has_perm(decision.permission) and covers(person, case)


def _offer(case: Model, decision: Any) -> dict[str, Text]:
    name = f"admin:{case._meta.app_label}_{case._meta.model_name}_decide"
    return {"name": decision.name, "label": decision.label, "url": reverse(name, args=[case.pk, decision.name])}


def _line(document: CaseDocument) -> dict[str, Any]:
    return {
        "title": document_title(document),
        "url": reverse("admin:staff_casedocument_change", args=[document.pk]),
        "struck_out": document.state == DocumentState.STRUCK_OUT,
        "badge": document_badge(document) if document.state == DocumentState.STRUCK_OUT else "",
        "pages": pages_text(document),
        "size": size_text(document),
        "by": document.uploaded_by or document.get_source_display(),
        "at": document.at,
    }
