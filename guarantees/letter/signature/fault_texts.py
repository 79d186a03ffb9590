"""The faults of a signed file in words; their Chinese stands in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.letter.signature.faults import Fault

FAULT_TEXTS: Mapping[Fault, str | Promise] = {
    Fault.NO_PDF: _("The file is no PDF, or it is damaged or incomplete."),
    Fault.ENCRYPTED: _("The file is encrypted, so that its signature cannot be examined."),
    Fault.UNSIGNED: _("The file has no electronic signature."),
    Fault.NOT_WHOLE: _("The signature does not cover the whole file: something was added or cut off after signing."),
    Fault.MALFORMED: _("The signature or the file's structure was damaged or changed."),
    Fault.CHANGED: _("The content was changed after signing."),
    Fault.FORGED: _("The signature does not belong to the certificate."),
    Fault.UNTIMED: _("The signature does not state when it was made."),
    Fault.UNTRUSTED: _("The certificate does not lead to an authority that we trust."),
    Fault.OUT_OF_DATE: _("The certificate was not valid at the time of signing."),
    Fault.REVOKED: _("The certificate had been revoked at the time of signing."),
    Fault.UNFIT: _("The certificate was refused: it is not for signatures, or its chain is not in order."),
    Fault.UNSTAMPED: _("The timestamp is not valid, or its certificate does not lead to an authority that we trust."),
    Fault.MISTIMED: _("The time that the signature states is far from its timestamp."),
    Fault.TOO_COMPLICATED: _("The file is too complicated to be examined."),
    Fault.UNAVAILABLE: _("The signature cannot be examined now; try again later."),
}
