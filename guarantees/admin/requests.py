"""What other pages show of the platform's open requests on an order."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from guarantees.models import Application, Cancellation
from staff.desk.page import Flag


def requests_flags(application: Application) -> list[Flag]:
    """A flag with a link for each open withdrawal and cancellation."""
    link = '<a href="{}">{}</a>'
    flags = [
        Flag(
            format_html(
                link,
                reverse("admin:guarantees_withdrawal_change", args=[withdrawal.pk]),
                _("The applicant asks: %(kind)s.") % {"kind": withdrawal.get_kind_display()},
            )
        )
        for withdrawal in application.order.withdrawals.waiting()
    ]
    flags += [
        Flag(
            format_html(
                link,
                reverse("admin:guarantees_cancellation_change", args=[cancellation.pk]),
                _("The platform asks that the guarantee end: %(kind)s.") % {"kind": cancellation.get_kind_display()},
            )
        )
        for cancellation in Cancellation.objects.open().filter(guarantee__application=application)
    ]
    return flags
