"""What people call the transcodes and the codes; the catalogue has it in Chinese."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from protocol.prep.codes import Code
from protocol.prep.tables import TABLES


def named(transcode: str) -> str:
    """ "PREP105 demand on the guarantee"; what is no transcode, as it was written."""
    return f"{transcode} {gettext(TABLES[transcode].transcode.label)}" if transcode in TABLES else transcode


def status_named(transcode: str, status: str) -> str:
    """ "01 approved", in the words of the transcode's status field; a code that the table does not know, alone."""
    table = TABLES.get(transcode)
    known = [field for field in table.request if field.name == table.status_field] if table else []
    labels = [code.label for field in known for code in field.values if code == status and isinstance(code, Code)]
    return " ".join([status, *map(gettext, labels)])


def words_of_codes(codes: Iterable[Code]) -> dict[str, str | Promise]:
    """What each of these codes means, for a screen."""
    return {str(code): gettext_lazy(code.label) for code in codes}
