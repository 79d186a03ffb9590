"""How an application stands, in words for its applicant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.models import Application, ApplicationState
from staff.looks import Text, Tone


@dataclass(frozen=True)
class Standing:
    headline: Text
    tone: Tone
    text: Text = ""


STANDINGS: Mapping[str, Standing] = {
    ApplicationState.RECEIVED: Standing(
        gettext_lazy("Your application is being examined"),
        Tone.WAITS,
        gettext_lazy("Nothing is to be done by you now."),
    ),
    ApplicationState.APPROVED: Standing(
        gettext_lazy("Approved: please pay the premium"),
        Tone.WARNING,
        gettext_lazy("The guarantee is issued after the payment came in."),
    ),
    ApplicationState.PAID: Standing(
        gettext_lazy("The premium is settled"), Tone.WAITS, gettext_lazy("The guarantee is being issued.")
    ),
    ApplicationState.ISSUED: Standing(gettext_lazy("The guarantee is issued"), Tone.GOOD),
    ApplicationState.RETURNED: Standing(
        gettext_lazy("The guarantee is being corrected"),
        Tone.WAITS,
        gettext_lazy("It is issued anew; no second premium is asked for."),
    ),
    ApplicationState.REJECTED: Standing(gettext_lazy("The application was not approved"), Tone.BAD),
    ApplicationState.FAILED: Standing(gettext_lazy("The application has ended without a guarantee"), Tone.BAD),
    ApplicationState.CANCELLED: Standing(gettext_lazy("The order is cancelled, as you asked"), Tone.OVER),
    ApplicationState.SURRENDERED: Standing(gettext_lazy("The guarantee is surrendered, as you asked"), Tone.OVER),
}


WITHDRAWING = Standing(
    gettext_lazy("You asked to withdraw; it is being decided on"),
    Tone.WAITS,
    gettext_lazy("Nothing is to be done by you now."),
)
ENDED = Standing(gettext_lazy("The guarantee is in force no more"), Tone.OVER)


def standing(application: Application) -> Standing:
    if application.pending_request():
        return Standing(
            _("We need more documents from you"),
            Tone.WARNING,
            _("Send what is listed below; then your application is examined further."),
        )
    if application.order.withdrawals.waiting().exists():
        return WITHDRAWING
    if application.state == ApplicationState.RECEIVED and application.supplements.filter(answered_at__isnull=False):
        return Standing(
            _("Thank you: your documents came"), Tone.GOOD, _("Your application is being examined further.")
        )
    if application.state == ApplicationState.ISSUED and not application.guarantees.exposed().exists():
        return ENDED
    found = STANDINGS[application.state]
    if application.state in (ApplicationState.REJECTED, ApplicationState.FAILED) and application.failure:
        return Standing(found.headline, found.tone, application.failure)
    return found
