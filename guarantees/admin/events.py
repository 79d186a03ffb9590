"""What this room's audit events are called on a timeline."""

from django.utils.translation import gettext_lazy as _

from guarantees import corrections
from guarantees.letter.wording.wordings import in_words
from guarantees.models import Application, CancellationKind, Means, Settlement
from guarantees.models.withdrawal import WithdrawalKind
from protocol.prep.codes import InvalidType, PayType, WithdrawalType
from protocol.prep.names import words_of_codes
from staff.desk.page import Tone
from staff.desk.timeline import Detail, EventLook, register_events, words_of

LABELS = {
    name: getattr(Application._meta.get_field(name), "verbose_name", name)
    for name in {*corrections.ASKED_FOR, *corrections.APPROVED}
}

#: The codes are what the trail said before the words.
KINDS = {
    **words_of_codes([*InvalidType, *WithdrawalType]),
    **words_of(CancellationKind.choices, WithdrawalKind.choices),
}

register_events(
    {
        "application.received": EventLook(_("Application received"), "inbox", Tone.WAITS),
        "application.approved": EventLook(_("Approved"), "check_circle", Tone.GOOD),
        "application.correction_proposed": EventLook(_("Correction proposed"), "edit_note", Tone.WAITS),
        "application.correction_confirmed": EventLook(_("Correction confirmed"), "edit", Tone.GOOD),
        "application.correction_returned": EventLook(_("Correction returned"), "undo", Tone.WARNING),
        "personal_data.searched": EventLook(_("Personal data searched"), "person_search"),
        "application.rejected": EventLook(_("Rejected"), "cancel", Tone.BAD),
        "receipt.recorded": EventLook(_("Receipt recorded"), "payments"),
        "premium.settled": EventLook(_("Premium settled"), "paid", Tone.GOOD),
        "guarantee.issued": EventLook(_("Letter issued"), "verified", Tone.GOOD),
        "guarantee.issue_failed": EventLook(_("Issuing failed"), "error", Tone.BAD),
        "guarantee.number_voided": EventLook(_("Guarantee number void"), "block", Tone.OVER),
        "application.given_up": EventLook(_("Given up"), "cancel", Tone.BAD),
        "application.returned": EventLook(_("Letter returned for correction"), "undo", Tone.WARNING),
        "application.corrected": EventLook(_("Particulars corrected and approved anew"), "edit", Tone.GOOD),
        "application.cancelled": EventLook(_("Order cancelled"), "cancel", Tone.OVER),
        "application.surrendered": EventLook(_("Surrendered"), "cancel", Tone.OVER),
        "refund.due": EventLook(_("Refund due"), "payments", Tone.WARNING),
        "refund.paid": EventLook(_("Refund paid back"), "payments", Tone.GOOD),
        "cancellation.received": EventLook(_("Cancellation received"), "inbox", Tone.WAITS),
        "cancellation.approved": EventLook(_("Cancellation approved"), "check_circle", Tone.GOOD),
        "cancellation.refused": EventLook(_("Cancellation refused"), "cancel", Tone.BAD),
        "cancellation.effective": EventLook(_("Cancellation in effect"), "event_busy", Tone.OVER),
        "cancellation.lapsed": EventLook(_("Cancellation lapsed: the guarantee had ended"), "event_busy", Tone.OVER),
        "cancellation.purchaser_told": EventLook(_("Purchaser told of the refusal"), "call"),
        "withdrawal.received": EventLook(_("Withdrawal received"), "inbox", Tone.WAITS),
        "withdrawal.approved": EventLook(_("Withdrawal approved"), "check_circle", Tone.GOOD),
        "withdrawal.refused": EventLook(_("Withdrawal refused"), "cancel", Tone.BAD),
        "withdrawal.release_uploaded": EventLook(_("Purchaser's release uploaded"), "upload_file"),
        "withdrawal.release_checked": EventLook(_("Purchaser's release confirmed"), "task_alt", Tone.GOOD),
        "paper.payment_notice": EventLook(_("Payment notice made"), "description"),
        "paper.cancellation": EventLook(_("Confirmation of cancellation made"), "description"),
        "paper.return": EventLook(_("Confirmation of return made"), "description"),
        "guarantee.cancelled": EventLook(_("Guarantee cancelled"), "event_busy", Tone.OVER),
        "guarantee.returned": EventLook(_("Guarantee returned"), "undo", Tone.WARNING),
        "guarantee.surrendered": EventLook(_("Guarantee surrendered"), "event_busy", Tone.OVER),
        "guarantee.expired": EventLook(_("Guarantee expired"), "event_busy", Tone.OVER),
        "guarantee.unreleased": EventLook(_("Guarantee expired, not released"), "hourglass", Tone.WARNING),
        "guarantee.paid_out": EventLook(_("Guarantee paid out"), "paid", Tone.OVER),
        "guarantee.run_down": EventLook(_("Guarantee wholly deducted"), "event_busy", Tone.OVER),
        "guarantee.deduction_recorded": EventLook(_("Deduction recorded"), "remove_circle"),
        "wording.uploaded": EventLook(_("Wording uploaded"), "upload_file", Tone.WAITS),
        "wording.put_into_use": EventLook(_("Wording put into use"), "check_circle", Tone.GOOD),
        "wording.withdrawn": EventLook(_("Wording withdrawn"), "cancel", Tone.OVER),
    },
    {
        "round": _("round"),
        "advance": Detail(_("advance asked for"), is_sum=True),
        "amount": Detail(_("amount"), is_sum=True),
        "premium": Detail(_("premium"), is_sum=True),
        "start": _("from"),
        "end": _("until"),
        "paid_at": _("paid at"),
        "means": Detail(_("means"), {**words_of_codes(PayType), **words_of(Means.choices)}),
        "still_due": Detail(_("still due"), is_sum=True),
        "settlement": Detail(_("settlement of the premium"), words_of(Settlement.choices)),
        "guarantee": _("guarantee number"),
        "valid_from": _("valid from"),
        "valid_until": _("valid until"),
        "sha256": "SHA-256",
        "particulars": _("digest of what it says"),
        "changed": _("changed"),
        "corrected": Detail(_("corrected"), LABELS),
        "reference": _("bank reference"),
        "kind": Detail(_("kind"), KINDS),
        "invalid_time": _("to end at"),
        "left": Detail(_("left"), is_sum=True),
        "paper": _("paper"),
        "wording": Detail(_("wording"), told=in_words),
        "successor": Detail(_("replaced by"), told=in_words),
    },
)
