"""What must hold before the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from reportlab.pdfbase.ttfonts import TTFError

from guarantees.institution import FONTS, LETTERS, seal_image
from guarantees.letter.fonts import typeface
from guarantees.letter.particulars import InstitutionKind
from guarantees.letter.seal import SealError, open_image
from guarantees.letter.wording import ALLOWED, check_wordings


@register()
def the_wordings_can_be_used(**_: Any) -> list[CheckMessage]:
    return [Error(problem, id="E003") for problem in check_wordings(LETTERS)]


@register()
def the_institution_may_issue_its_wording(**_: Any) -> list[CheckMessage]:
    kinds = [kind.value for kind in InstitutionKind]
    if settings.INSTITUTION_KIND not in kinds:
        return [Error(f"INSTITUTION_KIND is {settings.INSTITUTION_KIND!r}; set it to {' or '.join(kinds)}.", id="E004")]
    allowed = ALLOWED[InstitutionKind(settings.INSTITUTION_KIND)]
    if settings.WORDING and settings.WORDING not in allowed:
        hint = f"A {settings.INSTITUTION_KIND} may issue {' or '.join(allowed)}."
        return [Error(f"WORDING is {settings.WORDING!r}. {hint}", id="E005")]
    return []


@register()
def the_seal_can_be_used(**_: Any) -> list[CheckMessage]:
    try:
        if settings.SEAL_IMAGE:
            open_image(seal_image())
    except SealError as error:
        return [Error(str(error), hint="Correct SEAL_IMAGE.", id="E006")]
    return []


@register()
def the_typefaces_can_be_used(**_: Any) -> list[CheckMessage]:
    try:
        if settings.FALLBACK_FONT:
            typeface(FONTS, settings.FALLBACK_FONT)
    except TTFError as error:
        return [Error(str(error), hint="Correct FALLBACK_FONT.", id="E007")]
    return []


@register(deploy=True)
def letters_can_be_issued(**_: Any) -> list[CheckMessage]:
    needed = ("INSTITUTION_NAME", "INSTITUTION_CODE", "SIGNING_CERTIFICATE", "TRUST_ANCHORS")
    missing = [name for name in needed if not getattr(settings, name)]
    if not missing:
        return []
    return [checks.Warning(f"Set {', '.join(missing)}: without them no letter can be issued and verified.", id="W001")]
