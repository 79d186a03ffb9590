"""The types of documents on a case. Codes below 800 are those that platforms name in their messages and rules; from 801
on they are our own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from staff.word_lists import Word, WordList

DOCUMENTS = WordList(
    code="documents",
    label=_("Types of documents"),
    used_for=_("What a paper on a case is, and what the applicant is asked for."),
    source=_("Codes below 800: a provincial platform's rules of interconnection; from 801 on our own."),
    words=(
        Word("007", _("Business licence")),
        Word("008", _("ID of the legal representative, portrait side")),
        Word("009", _("ID of the legal representative, emblem side")),
        Word("010", _("ID of the authorised agent, portrait side")),
        Word("011", _("ID of the authorised agent, emblem side")),
        Word("012", _("Credit report")),
        Word("013", _("Contract of guarantee")),
        Word("020", _("Papers for a return")),
        Word("107", _("Papers for an extension")),
        Word("112", _("Agreement to guarantee on the applicant's behalf")),
        Word("705", _("Power of attorney")),
        Word("717", _("Written demand")),
        Word("718", _("Proof of the breach")),
        Word("719", _("Internal review of the payment")),
        Word("801", _("Notice of award")),
        Word("802", _("Procurement contract")),
        Word("803", _("Contract's page with the clause on the advance")),
        Word("804", _("Consent to inquiries")),
        Word("805", _("Declaration of a small or medium enterprise")),
        Word("806", _("Resolution of the shareholders or the board")),
        Word("807", _("Spouse's consent")),
        Word("808", _("Proof of the advance's recovery")),
        Word("809", _("Bank's slip on the advance's receipt")),
        Word("810", _("Proof of release from the guarantee")),
        Word("811", _("Approval slip of a payment")),
        Word("812", _("Bank slip")),
        Word("813", _("Court document")),
        Word("814", _("Proof of service")),
        Word("815", _("Minutes of the review committee")),
        Word("816", _("Report of an inspection after issue")),
        Word("817", _("Contract of counter-guarantee")),
        Word("818", _("Certificate of registration")),
        Word("819", _("Payer's statement on a refund")),
        Word("899", _("Another paper"), needs_words=True),
    ),
)
