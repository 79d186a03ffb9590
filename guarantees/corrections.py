"""Which facts of an application a letter shows and staff may correct, and how a correction is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Field
from django.utils.functional import Promise

from guarantees.letter.wording.facts import FACTS
from guarantees.models import Application, Approval

#: What a letter prints as it came: names, codes and the project.
PRINTED = tuple(fact.name for fact in FACTS if fact.is_text)
CORRECTABLE = tuple(fact.name for fact in FACTS if fact.correctable)
#: Before the approval, also the term that was asked for.
ASKED_FOR = (*CORRECTABLE, "guarantee_months", "start_date", "end_date")
#: What an approval says of a letter: as the forms and the trail call it, and its field.
TERMS = {"approved_amount": "amount", "approved_start": "start", "approved_end": "end"}
#: Of a returned letter, also what the approval said.
APPROVED = (*CORRECTABLE, *TERMS)


def differences(application: Application, data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Each of the fields that `data` says otherwise: what stood and what is to stand, as JSON."""
    return {
        name: [plain(value), plain(data[name])]
        for name in names
        if (value := _present(application, name)) != data[name]
    }


def write(application: Application, changes: Mapping[str, list[Any]]) -> None:
    """Puts the new facts in; what the platform said stays beside them, for the same PREP101 again (decisions B1).

    Terms are another approval's.
    """
    for name, (_before, after) in changes.items():
        if name in TERMS:
            continue
        application.as_received.setdefault(name, str(getattr(application, name)))
        column = cast("Field[Any, Any]", Application._meta.get_field(name))
        setattr(application, name, column.to_python(after))


def as_texts(changes: Mapping[str, list[Any]]) -> dict[str, str]:
    """For the trail: before and after of each field. None of them is a person's."""
    return {name: f"{_shown(before)} → {_shown(after)}" for name, (before, after) in changes.items()}


def label(name: str) -> str | Promise:
    """What a person calls the fact or the term of that name."""
    described = Approval._meta.get_field(TERMS[name]) if name in TERMS else Application._meta.get_field(name)
    return getattr(described, "verbose_name", name)


def _present(application: Application, name: str) -> Any:
    """The value that stands; a term's is the approval's in force."""
    return getattr(application.approval, TERMS[name], None) if name in TERMS else getattr(application, name)


def plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int)) else _text(value)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _shown(value: Any) -> str:
    return "—" if value in (None, "") else str(value)
