"""The reasons for which applications end, requests are refused, premiums waived and letters corrected."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.reasons import OTHER
from staff.word_lists import Word, WordList

_OURS = _("Our proposal, from the practice of the trade.")

REJECTION = WordList(
    code="rejection",
    label=_("Reasons for rejecting an application"),
    used_for=_("Rejecting; the platform is told."),
    source=_OURS,
    words=(
        Word("R01", _("Papers are missing and were not supplied in time")),
        Word("R02", _("The papers differ from what was declared")),
        Word("R03", _("The award cannot be verified")),
        Word("R04", _("The contract's term or its clause on the advance does not qualify")),
        Word("R05", _("Beyond the limit of our guarantees")),
        Word("R06", _("The credit record does not qualify")),
        Word("R07", _("On a list of restricted parties")),
        Word("R08", _("Applied for twice")),
        Word("R09", _("Counter-security is not in place")),
        Word("R10", _("Not within our business or region")),
        Word("R11", _("The letter cannot be issued in the declared name")),
        Word("R99", OTHER, needs_words=True),
    ),
)
GIVING_UP = WordList(
    code="giving_up",
    label=_("Reasons for giving up an application"),
    used_for=_("Giving up what was approved; the platform is told."),
    source=_OURS,
    words=(
        Word("G01", _("The premium was not paid in time")),
        Word("G02", _("What changed does not qualify any more")),
        Word("G03", _("The letter cannot be signed and issued")),
        Word("G04", _("The partner bank did not agree")),
        Word("G05", _("The applicant asks for it")),
        Word("G99", OTHER, needs_words=True),
    ),
)
REFUSAL = WordList(
    code="refusal",
    label=_("Reasons for refusing a cancellation, return or withdrawal"),
    used_for=_("Refusing a cancellation, a return or a withdrawal; the platform is told where it has a message."),
    source=_OURS,
    words=(
        Word("C01", _("The letter is issued")),
        Word("C02", _("The beneficiary has not released the guarantee")),
        Word("C03", _("A demand is not settled")),
        Word("C04", _("The order has ended")),
        Word("C05", _("The grounds given do not hold")),
        Word("C99", OTHER, needs_words=True),
    ),
)
WAIVER = WordList(
    code="waiver",
    label=_("Reasons for waiving a premium or taking it on account"),
    used_for=_("Waiving a premium, or taking it on account; the platform is not told."),
    source=_OURS,
    words=(
        Word("W01", _("Relief that a policy grants")),
        Word("W02", _("Agreed in a contract of cooperation")),
        Word("W03", _("The applicant has an agreement on monthly accounts")),
        Word("W04", _("The letter replaces one for which the premium was paid")),
        Word("W99", OTHER, needs_words=True),
    ),
)
CORRECTION = WordList(
    code="correction",
    label=_("Reasons for a correction"),
    used_for=_("Correcting an application or a returned letter; the platform is not told."),
    source=_OURS,
    words=(
        Word("K01", _("The platform's data were wrong")),
        Word("K02", _("The notice of award or the contract was changed")),
        Word("K03", _("The purchaser asks for another wording of a fact")),
        Word("K04", _("A slip of our own")),
        Word("K99", OTHER, needs_words=True),
    ),
)
