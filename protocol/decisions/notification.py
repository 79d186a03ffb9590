"""A notification that the platform refused is sent again, or settled by hand with a reason (decisions B17)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.delivery import wakeup
from protocol.failures import failure_text
from protocol.models import Notification
from protocol.models.outbox import NotificationState
from staff import clock
from staff.decisions import Decision, Inapplicable
from staff.desk.page import Tone
from staff.events import Detail, EventKind
from staff.models import User

SENT_AGAIN = EventKind("notification.sent_again", gettext_lazy("Sent again"), "replay")


class WhyForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


class NotificationDecision(Decision[Notification]):
    """A decision on a message in one state, after which the order's messages go on."""

    permission = "protocol.settle_notification"
    model = Notification
    open_in = NotificationState.ATTENTION
    detail_names = {"code": Detail(gettext_lazy("code")), "answer": Detail(gettext_lazy("answer"))}

    def obstacle(self, case: Notification, person: User) -> str | None:
        if case.state == self.open_in:
            return None
        return Inapplicable(_("Not possible: the state is “%(state)s”.") % {"state": case.get_state_display()})

    def details(self, case: Notification, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"code": case.code, "answer": failure_text(case.failure, case.answer)}

    def follow(self, case: Notification, person: User, data: dict[str, Any]) -> None:
        wakeup.on_commit()


class SendAgain(NotificationDecision):
    """What was refused is sent once more, with the same msgcode and content; the order's later messages follow it."""

    name = "send_again"
    label = gettext_lazy("Send again")
    event = SENT_AGAIN

    def perform(self, case: Notification, person: User, data: dict[str, Any]) -> None:
        case.state = NotificationState.WAITING
        case.next_attempt_at = clock.now()


class SendNow(NotificationDecision):
    """What waits for its next attempt need not wait: the platform is known to be back."""

    name = "send_now"
    label = gettext_lazy("Try now")
    event = SENT_AGAIN
    open_in = NotificationState.WAITING

    def obstacle(self, case: Notification, person: User) -> str | None:
        if reason := super().obstacle(case, person):
            return reason
        if case.next_attempt_at <= clock.now():
            return Inapplicable(_("It is being sent, or waits for an earlier message of its order."))
        if case.attempts.filter(number=case.lease, duration_ms__isnull=True).exists():
            return _("It is being sent right now.")
        return None

    def perform(self, case: Notification, person: User, data: dict[str, Any]) -> None:
        case.next_attempt_at = clock.now()


class SettleNotification(NotificationDecision):
    """The platform was told by other means, or knows already: the message is not sent any more."""

    name = "settle"
    label = gettext_lazy("Settle by hand")
    form_class = WhyForm
    final = True
    event = EventKind("notification.settled", gettext_lazy("Settled by hand"), "task_alt", Tone.OVER)

    def consequence(self, case: Notification) -> str:
        return _("The platform is not told of this any more; the later messages of the order are sent.")

    def perform(self, case: Notification, person: User, data: dict[str, Any]) -> None:
        case.state = NotificationState.SETTLED
