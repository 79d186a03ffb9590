"""What people are told of a letter, another paper or a file: the answer in large, why, its state now, and the
particulars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guarantees.badges import guarantee_badge
from guarantees.letter.signature.certificates import Certificate
from guarantees.letter.signature.fault_texts import FAULT_TEXTS
from guarantees.letter.wording.amount import in_figures
from guarantees.letter.wording.dates import chinese_time
from guarantees.models import Guarantee, GuaranteeState, IssuedPaper
from guarantees.verification.agreement import Texts
from guarantees.verification.origin import Origin, OriginDoubt
from guarantees.verification.printed import letter_rows, paper_rows
from staff import clock
from staff.desk.page import NOTHING, Badge, Row, Section, Tone, day, moment


@dataclass(frozen=True)
class Explanation:
    """One answer, as the public page and the desk show it. `tone` is never the only sign of what it means."""

    tone: Tone
    headline: str
    badge: Badge | None = None
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def of_letter(guarantee: Guarantee, disagreeing: Texts) -> Explanation:
    """Of a letter that somebody named by number and code."""
    if disagreeing:
        return _unconfirmed(disagreeing)
    ended = _("We issued this letter, but it has ended.")
    return Explanation(
        _tone(guarantee),
        ended if _has_ended(guarantee) else _("We issued this letter."),
        guarantee_badge(guarantee),
        current_state(guarantee),
        sections=[_printed(guarantee), _stored(guarantee)],
    )


def of_paper(paper: IssuedPaper, disagreeing: Texts) -> Explanation:
    """Of another paper that somebody named by number and code."""
    if disagreeing:
        return _unconfirmed(disagreeing)
    return Explanation(
        Tone.GOOD, _("We issued this paper."), notes=_of_kind(paper), sections=[_printed(paper), _stored(paper)]
    )


def of_file(origin: Origin, disagreeing: Texts) -> Explanation:
    """Of a file that somebody gave us."""
    reasons = reason_texts(origin, without=OriginDoubt.NOT_ISSUED)  # which the headline says
    file = _file_section(origin)
    issued = origin.issued
    if issued is None:
        hint = _(
            "A scan, or a copy that another program saved, is a file of its own: verify such a letter by its number "
            "and its code."
        )
        if origin.certificate:
            hint = _("Do not rely on this file. In doubt, call us.")
        headline = _("This file is not a letter that we issued.")
        return Explanation(Tone.BAD, headline, notes=[hint], reasons=reasons, sections=[file])
    if disagreeing:
        return _unconfirmed(disagreeing, file)
    tone, headline = Tone.GOOD, _("This file is genuine: we issued it, and nothing in it was changed.")
    if isinstance(issued, IssuedPaper):
        badge, notes = None, _of_kind(issued)
    else:
        tone, badge, notes = _tone(issued), guarantee_badge(issued), current_state(issued)
        if _has_ended(issued):
            headline = _("This file is genuine, but the guarantee has ended.")
    if reasons:
        tone, headline = Tone.WARNING, _("We issued this file, but it does not pass the examination.")
    return Explanation(tone, headline, badge, notes, reasons, [_printed(issued), file])


def _unconfirmed(disagreeing: Texts, *sections: Section) -> Explanation:
    """Nothing is shown of either side: which of them was changed, people find out."""
    telephone = settings.INSTITUTION_TELEPHONE
    comma = ", " if get_language() == "en" else "、"
    return Explanation(
        Tone.BAD,
        _("We do not confirm this here: please ask the institution."),
        notes=[
            _("Do not rely on it until we have confirmed it to you. We have been told, and look into it."),
            *([_("In doubt, call us: %(telephone)s") % {"telephone": telephone}] if telephone else []),
        ],
        reasons=[_("Our records differ from what was signed: %(what)s.") % {"what": comma.join(map(str, disagreeing))}],
        sections=list(sections),
    )


def reason_texts(origin: Origin, *, without: OriginDoubt | None = None) -> list[str]:
    """Why a file is not proven to be ours, as far as there are reasons, in the language of whoever reads."""
    return [
        *(str(FAULT_TEXTS[fault]) for fault in origin.faults),
        *(str(doubt.label) for doubt in origin.doubts if doubt != without),
    ]


def current_state(guarantee: Guarantee) -> list[str]:
    """The guarantee's state now, in sentences: which, since when, what is left of it, and what replaced it."""
    sentences = [_state(guarantee)]
    if guarantee.state in (GuaranteeState.IN_FORCE, GuaranteeState.UNRELEASED):
        sentences.append(_("Of its amount, %(left)s are left.") % {"left": in_figures(guarantee.remaining)})
    if guarantee.state == GuaranteeState.RETURNED:
        if Guarantee.objects.filter(supersedes=guarantee).exists():
            sentences.append(_("Another letter with another number replaced it: ask for that one."))
        else:
            sentences.append(_("No other letter has replaced it yet."))
    return sentences


def _state(guarantee: Guarantee) -> str:
    state, now = GuaranteeState(guarantee.state), clock.now()
    sentences = {
        GuaranteeState.IN_FORCE: _("It is in force until %(until)s."),
        GuaranteeState.CANCELLED: _("It was cancelled at %(since)s and secures nothing any more."),
        GuaranteeState.RETURNED: _("It was returned at %(since)s and secures nothing any more."),
        GuaranteeState.SURRENDERED: _("It was surrendered at %(since)s and secures nothing any more."),
        GuaranteeState.EXPIRED: _("It expired: its validity ended at %(until)s."),
        GuaranteeState.UNRELEASED: _("Its printed validity ended at %(until)s; it has not been released yet."),
        GuaranteeState.PAID_OUT: _("Fully paid on %(since)s."),
        GuaranteeState.RUN_DOWN: _(
            "Its amount was wholly deducted by %(since)s: the advance is earned, and nothing is left to demand."
        ),
    }
    sentence = sentences[state]
    if state is GuaranteeState.RUN_DOWN and guarantee.paid:
        sentence = sentences[GuaranteeState.PAID_OUT]
    if state is GuaranteeState.IN_FORCE and now < guarantee.valid_from:
        sentence = _("It is issued; its validity begins at %(from)s.")
    elif state is GuaranteeState.IN_FORCE and now >= guarantee.over_at:
        sentence = _("Its validity ended at %(until)s; it has not been closed yet.")
    return sentence % {
        "from": moment(guarantee.valid_from),
        "until": _last(guarantee.valid_until),
        "since": moment(guarantee.ended_at),
    }


def _last(end: datetime) -> str:
    """The end of validity in the letter's words: a day's last second is its 24 o'clock."""
    return moment(end) if get_language() == "en" else chinese_time(end)


def _has_ended(guarantee: Guarantee) -> bool:
    return guarantee.state not in (GuaranteeState.IN_FORCE, GuaranteeState.UNRELEASED)


def _tone(guarantee: Guarantee) -> Tone:
    over = guarantee.state != GuaranteeState.IN_FORCE or clock.now() >= guarantee.over_at
    return Tone.WARNING if over else Tone.GOOD


def _of_kind(paper: IssuedPaper) -> list[str]:
    sentence = _("It is a %(kind)s of %(day)s.") % {
        "kind": paper.get_kind_display(),
        "day": day(clock.day(paper.made_at)),
    }
    return [sentence, *map(str, paper.declared.notes)]


def _printed(issued: Guarantee | IssuedPaper) -> Section:
    if isinstance(issued, IssuedPaper):
        note = _("Compare this with your paper: whatever differs there is not what we issued.")
        return Section(_("What the paper says"), paper_rows(issued), note=note)
    note = _("Compare this with your letter: whatever differs there is not what we issued.")
    return Section(_("What the letter says"), letter_rows(issued), note=note)


def _stored(issued: Guarantee | IssuedPaper) -> Section:
    printed = issued.particulars
    return Section(
        _("Its file"),
        [
            Row(_("signed by"), printed.get("certificate_owner") or NOTHING),
            Row(_("Certificate number"), printed.get("certificate_number") or NOTHING, "code"),
            Row(_("SHA-256 of the file"), issued.file_digest, "code"),
        ],
    )


def _file_section(origin: Origin) -> Section:
    sound = _("It covers the whole file, and its certificate leads to an authority that we trust.")
    unproven = origin.faults and origin.certificate
    return Section(
        _("The file"),
        [
            Row(_("SHA-256 of the file"), origin.digest, "code"),
            *([Row(_("issued by us as"), origin.issued.number)] if origin.issued else []),
            *([] if origin.faults else [Row(_("signature"), sound)]),
            *_signature_rows(origin.certificate, origin.signed_at),
        ],
        note=_("What a signature says that does not hold proves nothing.") if unproven else "",
    )


def _signature_rows(certificate: Certificate | None, signed_at: datetime | None) -> list[Row]:
    if certificate is None:
        return []
    return [
        Row(_("signed by"), certificate.owner),
        Row(_("signed at"), moment(signed_at)),
        Row(_("Certificate number"), certificate.serial_number, "code"),
        Row(_("certificate issued by"), certificate.issuer),
        Row(_("certificate valid from"), moment(certificate.not_before)),
        Row(_("certificate valid until"), moment(certificate.not_after)),
    ]
