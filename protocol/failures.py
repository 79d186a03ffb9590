"""Why an attempt brought back no code: kept as a kind and its particulars, said in the reader's language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Failure(models.TextChoices):
    """A kind's label is its sentence; `detail` is what is kept beside it."""

    NO_ADDRESS = "no_address", _("No address is set")
    ADDRESS = "address", _("The address cannot be used: %(detail)s")
    CERTIFICATES = "certificates", _("The certificates that are kept for it cannot be used; put them in again")
    NAME = "name", _("There is no host of the name %(detail)s")
    UNREACHABLE = "unreachable", _("Its network cannot be reached (%(detail)s)")
    REFUSED = "refused", _("The connection was refused: nobody listens there")
    NOT_CONNECTED = "not_connected", _("No connection came about within %(detail)s s")
    CLOSED = "closed", _("The connection was closed without an answer")
    TIMED_OUT = "timed_out", _("No answer came in time (%(detail)s s)")
    UNTRUSTED = "untrusted", _("TLS: its certificate is not trusted (%(detail)s)")
    EXPIRED = "expired", _("TLS: its certificate has expired")
    OTHER_NAME = "other_name", _("TLS: its certificate is not for this address (%(detail)s)")
    NOT_ACCEPTED = "not_accepted", _("TLS: it asks for a client certificate, or does not accept ours (%(detail)s)")
    TLS = "tls", _("TLS: no connection came about (%(detail)s)")
    NO_HTTP = "no_http", _("What answers there does not speak HTTP")
    NETWORK = "network", _("The connection failed (%(detail)s)")
    HTTP = "http", _("HTTP %(detail)s instead of 200")
    NO_JSON = "no_json", _("The answer is no JSON object")
    NO_CODE = "no_code", _("The answer has no code of three digits")
    OUR_OWN = "our_own", _("A failure of our own (%(detail)s); the log says more")


def failure_text(kind: str | None, detail: str) -> str:
    """The sentence; or, where no kind was kept (what the other side said itself, or a row of a former version), the
    text as it stands."""
    if not kind or kind not in Failure:
        return detail
    return str(Failure(kind).label) % {"detail": detail}
