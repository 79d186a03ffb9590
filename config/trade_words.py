"""Pages and the wire speak in the words of the institution's kind (`staff/trade_words.py`)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import trans_real

from protocol import wire_language
from protocol.vocabulary import Transcode
from staff.trade_words import in_words_of

#: What is called so whoever we are: the specification's messages, and what letters of each kind say.
KEPT = frozenset(
    {
        *(transcode.label for transcode in Transcode),
        "beneficiary (purchaser)",
        "applicant (supplier)",
        "creditor (purchaser)",
        "creditor's code",
        "debtor (supplier)",
        "debtor's credit code",
        "insured (purchaser)",
        "insured's code",
        "policyholder (supplier)",
        "policyholder's credit code",
        "most that is guaranteed",
        "sum insured",
        "notice of refusal (independent guarantee)",
        "notice of refusal (joint and several suretyship)",
        "notice of refusal (guarantee insurance)",
    }
)


class TradeTranslation(trans_real.DjangoTranslation):
    """Django's, whose Chinese has the words of the institution's kind; the other languages have none of them."""

    def gettext(self, message: str) -> str:
        text = super().gettext(message)
        return text if message in KEPT else our_words(text)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return our_words(super().ngettext(msgid1, msgid2, n))


def our_words(text: str) -> str:
    """A text of the catalogue in the words of this institution's kind."""
    return in_words_of(settings.INSTITUTION_KIND, text)


def speak() -> None:
    """Has Django and the wire say it so; before anything is translated."""
    # Django has no setting for it: it makes its translations of this name.
    trans_real.DjangoTranslation = TradeTranslation  # type: ignore[misc]
    wire_language.speak_by(our_words)
