"""Personal data on a page: whole for those who may see it, masked for the others."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext as _

from protocol.tables import Personal, mask_value
from staff.desk.export import Column, columns
from staff.desk.page import NOTHING, Row
from staff.models import User

#: The encrypted fields of an application, and what each is masked as.
PERSONAL = {
    "legal_name": Personal.PERSON,
    "legal_id_number": Personal.ID_NUMBER,
    "agent_name": Personal.PERSON,
    "agent_phone": Personal.TELEPHONE,
    "agent_id_number": Personal.ID_NUMBER,
}


PERSONAL_DATA = "guarantees.view_personal_data"


def may_see_personal_data(person: User) -> bool:
    return person.has_perm(PERSONAL_DATA)


def personal_rows(record: Model, fields: Mapping[str, Personal], person: User) -> list[Row]:
    """A row for each of the record's personal fields."""
    whole = may_see_personal_data(person)
    return [
        Row(
            getattr(record._meta.get_field(name), "verbose_name", name),
            (value if whole else mask_value(kind, value)) if value else NOTHING,
            "" if whole else "masked",
        )
        for name, kind in fields.items()
        for value in [str(getattr(record, name) or "")]
    ]


def personal_columns(model: type[Model], fields: Mapping[str, Personal], person: User) -> list[Column]:
    """A column for each personal field of a file that is exported, masked as on the page."""
    whole = may_see_personal_data(person)

    def masked(column: Column, kind: Personal) -> Column:
        return Column(column.label, lambda row: mask_value(kind, str(column.value(row) or "")))

    shown = columns(model, *fields)
    return shown if whole else [masked(column, kind) for column, kind in zip(shown, fields.values(), strict=True)]


def beyond_rows(fields: Mapping[str, object], person: User) -> list[Row]:
    """A row for each field that the specification does not know: nobody can say that it holds no person's data."""
    whole = may_see_personal_data(person)
    return [
        Row(_label(name), value if whole else mask_value(Personal.PERSON, str(value)), "wide" if whole else "masked")
        for name, value in fields.items()
    ]


def _label(name: str) -> str:
    """ext1 to ext3 are the specification's own; of any other field there is but the platform's name."""
    if extension := re.fullmatch(r"ext([1-3])", name):
        return _("extension field %(number)s") % {"number": extension[1]}
    return _("field “%(name)s”") % {"name": name}
