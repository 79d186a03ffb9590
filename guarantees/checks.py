"""What must hold before the site starts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections
from reportlab.pdfbase.ttfonts import TTFError

from guarantees.issuing.certificate import signing_certificate
from guarantees.issuing.institution import FONTS, LETTERS, seal_image
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.typesetting.fonts import typeface
from guarantees.letter.typesetting.seal import SealError, open_image
from guarantees.letter.wording.kinds import ALLOWED
from guarantees.letter.wording.wordings import check_wordings
from guarantees.models import UploadedWording, WordingState
from staff import clock
from staff.trade_words import InstitutionKind


def the_wordings_can_be_used(**_: Any) -> list[CheckMessage]:
    return [Error(problem, id="E003") for problem in check_wordings(LETTERS)]


def the_institution_may_issue_its_wording(**_: Any) -> list[CheckMessage]:
    kinds = [kind.value for kind in InstitutionKind]
    if settings.INSTITUTION_KIND not in kinds:
        return [Error(f"INSTITUTION_KIND is {settings.INSTITUTION_KIND!r}; set it to {' or '.join(kinds)}.", id="E004")]
    allowed = ALLOWED[InstitutionKind(settings.INSTITUTION_KIND)]
    if settings.WORDING and settings.WORDING not in allowed:
        hint = f"A {settings.INSTITUTION_KIND} may issue {' or '.join(allowed)}."
        return [Error(f"WORDING is {settings.WORDING!r}. {hint}", id="E005")]
    return []


def the_seal_can_be_used(**_: Any) -> list[CheckMessage]:
    try:
        if settings.SEAL_IMAGE:
            open_image(seal_image())
    except SealError as error:
        return [Error(str(error), hint="Correct SEAL_IMAGE.", id="E006")]
    return []


def the_typefaces_can_be_used(**_: Any) -> list[CheckMessage]:
    try:
        if settings.FALLBACK_FONT:
            typeface(FONTS, settings.FALLBACK_FONT)
    except TTFError as error:
        return [Error(str(error), hint="Correct FALLBACK_FONT.", id="E007")]
    return []


def the_wordings_in_use_can_be_used(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """`migrate` asks this too, before the table is there, and goes on: letters stop with the same message."""
    problems = []
    for database in databases or ():
        if UploadedWording._meta.db_table in connections[database].introspection.table_names():
            used = UploadedWording.objects.using(database).filter(state=WordingState.IN_USE)
            problems += [f"{wording.code}: {problem}" for wording in used if (problem := wording.trouble())]
    return [checks.Warning(problem, id="W002") for problem in problems]


def letters_can_be_issued(**_: Any) -> list[CheckMessage]:
    institution = ("INSTITUTION_NAME", "INSTITUTION_CODE", "INSTITUTION_ADDRESS", "INSTITUTION_TELEPHONE")
    needed = (*institution, "SIGNING_CERTIFICATE", "TRUST_ANCHORS")
    missing = [name for name in needed if not getattr(settings, name)]
    if not missing:
        try:
            signing_certificate(clock.now(), afresh=True)
        except (LetterNotMade, DatabaseError) as trouble:  # `migrate` may yet have to make the tables
            return [checks.Warning(str(trouble), id="W003")]
        return []
    return [checks.Warning(f"Set {', '.join(missing)}: without them no letter can be issued and verified.", id="W001")]
