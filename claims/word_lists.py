"""The reasons for which demands are refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.reasons import OTHER
from staff.word_lists import Word, WordList

REFUSAL_OF_DEMANDS = WordList(
    code="demand_refusal",
    label=_("Reasons for refusing a demand"),
    used_for=_("Refusing a demand; the beneficiary reads it in the notice of refusal."),
    source=_("Our proposal, from the practice of the trade."),
    words=(
        Word("D01", _("Demanded too late")),
        Word("D02", _("Beyond what is guaranteed, or what is left of it")),
        Word("D03", _("The papers do not conform"), needs_words=True),
        Word("D04", _("Nothing was demanded within the period of the suretyship")),
        Word("D05", _("The principal obligation is performed, or the advance recovered")),
        Word("D06", _("A defence of the debtor holds")),
        Word("D07", _("Not demanded by the beneficiary")),
        Word("D08", _("Excluded from cover"), needs_words=True),
        Word("D99", OTHER, needs_words=True),
    ),
)
