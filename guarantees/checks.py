"""What must hold before the site starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from guarantees.institution import LETTERS
from guarantees.letter.kinds import ALLOWED
from guarantees.letter.particulars import InstitutionKind
from guarantees.letter.wording import check_wordings


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


@register(deploy=True)
def letters_can_be_issued(**_: Any) -> list[CheckMessage]:
    needed = ("INSTITUTION_NAME", "INSTITUTION_CODE", "SIGNING_CERTIFICATE", "TRUST_ANCHORS")
    missing = [name for name in needed if not getattr(settings, name)]
    if not missing:
        return []
    return [checks.Warning(f"Set {', '.join(missing)}: without them no letter can be issued and verified.", id="W001")]
