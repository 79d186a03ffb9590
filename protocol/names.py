"""What people call the transcodes and what codes mean; the catalogue has it in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from protocol.tables import Code, Table
from protocol.vocabulary import Transcode
from protocol.wire_language import Labelled

LABELS: Mapping[str, str] = {transcode: transcode.label for transcode in Transcode}


def named(transcode: str) -> str:
    """ "PREP105 demand on the guarantee"; what is no transcode, as it was written."""
    return f"{transcode} {gettext(LABELS[transcode])}" if transcode in LABELS else transcode


def status_named(table: Table | None, status: str) -> str:
    """ "01 approved", in the words of the table's status field; a code that it does not know, alone."""
    codes = table.status.codes if table and table.status else ()
    return " ".join([status, *(_beside_its_own(code) for code in codes if code == status)])


def _beside_its_own(code: Code) -> str:
    """Our word for a code; in Chinese the platform's stands behind it, where that is another: 已代偿（理赔成功）."""
    ours = gettext(code.word.label)
    in_chinese = (get_language() or "").startswith("zh")
    return f"{ours}（{code.own}）" if in_chinese and code.own not in ("", ours) else ours


def choices_of(words: Iterable[Labelled]) -> list[tuple[str, Promise]]:
    """Words as the choices of a column or a form."""
    return [(word.value, gettext_lazy(word.label)) for word in words]


def values_of(words: Iterable[Labelled]) -> list[str]:
    """Words as a constraint of a column has them."""
    return [word.value for word in words]


def labels_of(words: Mapping[str, Labelled]) -> dict[str, Promise]:
    """What each key means, for a screen."""
    return {key: gettext_lazy(word.label) for key, word in words.items()}
