"""Demands: the list, and the page of one."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import deadline
from claims.flags import Flag as Oddity
from claims.models import OPEN, Demand, DemandState, Payment, Settlement
from claims.word_lists import REFUSAL_OF_DEMANDS
from guarantees.admin.guarantee import guarantee_rows
from guarantees.admin.order_case import OrderCaseAdmin
from guarantees.admin.paper import papers_section
from guarantees.admin.personal import beyond_rows, may_see_personal_data, personal_columns, personal_rows
from guarantees.admin.searching import FoldedSearch
from guarantees.models import Guarantee, Order
from guarantees.models.paper import papers_for
from protocol.folding import same_number
from protocol.tables import Personal, mask_value
from staff.desk.export import Column, columns
from staff.desk.filters import AmountRange, DayRange, by_reason
from staff.desk.page import Badge, Flag, Row, Section, Tone, moment, money, rows, two_lines, yuan
from staff.desk.panels import Entry
from staff.desk.targets import TargetList
from staff.models import User

TONES: dict[str, Tone] = {
    DemandState.WAITING: Tone.WAITS,
    DemandState.IN_HAND: Tone.WARNING,
    DemandState.PAID: Tone.GOOD,
    DemandState.REFUSED: Tone.BAD,
    DemandState.CLOSED: Tone.OVER,
}
PERSONAL = {
    "account": Personal.ACCOUNT,
    "claimant": Personal.PERSON,
    "claimant_phone": Personal.TELEPHONE,
    "claimant_id_number": Personal.ID_NUMBER,
}


def demand_badge(demand: Demand) -> Badge:
    return Badge(demand.get_state_display(), TONES[demand.state])


def demand_entry(demand: Demand) -> Entry:
    """A demand as the page of its guarantee shows it."""
    return Entry(demand.beneficiary_name, demand_badge(demand), demand.amount, demand.reason)


@admin.register(Demand)
class DemandAdmin(TargetList, FoldedSearch, OrderCaseAdmin):
    open_states = OPEN
    list_display = ["numbers", "parties", "sum", "left", "state_badge", "target", "flagged", "received"]
    list_display_links = ["numbers"]
    list_filter = [
        ("order__connection", admin.RelatedOnlyFieldListFilter),
        "timely",
        ("received_at", DayRange),
        ("amount", AmountRange),
        by_reason(REFUSAL_OF_DEMANDS),
    ]
    tabs_field = "state"
    search_fields = ["named_number"]
    folded = {"": Demand, "guarantee__": Guarantee, "order__": Order}
    personal_search = True
    search_help_text = gettext_lazy("Guarantee number, order, name, account or telephone")
    search_help_without_personal_data = gettext_lazy("Guarantee number, order or name")
    ordering = ["-received_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Demand]:
        return (
            super()
            .get_queryset(request)
            .select_related("guarantee__application", "order__connection", "handler", "resembles")
        )

    @admin.display(description=gettext_lazy("guarantee number"), ordering="named_number")
    def numbers(self, demand: Demand) -> SafeString:
        return two_lines(demand.named_number, demand.order.number)

    @admin.display(description=gettext_lazy("beneficiary and applicant"), ordering="beneficiary_name")
    def parties(self, demand: Demand) -> SafeString:
        return two_lines(demand.beneficiary_name, demand.applicant_name)

    @admin.display(description=gettext_lazy("demanded (CNY)"), ordering="amount")
    def sum(self, demand: Demand) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(demand.amount))

    @admin.display(description=gettext_lazy("balance (CNY)"))
    def left(self, demand: Demand) -> SafeString:
        return format_html('<span class="amount">{}</span>', money(demand.guarantee.remaining))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, demand: Demand) -> str:
        return str(demand_badge(demand))

    @admin.display(description=gettext_lazy("remarks"))
    def flagged(self, demand: Demand) -> int | None:
        return len(demand.flags) or None

    @admin.display(description=gettext_lazy("received at"), ordering="received_at")
    def received(self, demand: Demand) -> SafeString:
        return two_lines(*moment(demand.received_at).split())

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(
                Demand,
                "order__connection__name",
                "order__number",
                "named_number",
                "state",
                "received_at",
                "timely",
                "amount",
                "guarantee__amount",
                "beneficiary_name",
                "beneficiary_code",
                "applicant_name",
                "applicant_code",
                "reason",
                "bank",
                "handler",
                "taken_up_at",
                "decided_at",
                "decision_reason",
                "reason_code",
            ),
            *personal_columns(Demand, PERSONAL, person),
        ]

    def heading(self, record: Demand) -> str:
        return f"{record.beneficiary_name} · {yuan(record.amount)}"

    def badge(self, record: Demand) -> Badge:
        return demand_badge(record)

    def flags(self, record: Demand, person: User) -> list[Flag]:
        flags = [_flag(record, flag) for flag in record.flags]
        if record.state == DemandState.WAITING and not record.is_next:
            flags.append(Flag(_("An older demand on this guarantee is still open; it comes first."), Tone.WAITS))
        if record.state == DemandState.REFUSED and not papers_for(record).exists():
            flags.append(Flag(_("The beneficiary has not been told why: make the notice of refusal and hand it over.")))
        return flags

    def sections(self, record: Demand, person: User) -> list[Section]:
        payments = [_payment_row(payment) for payment in record.payments.all()]
        waiting = record.released_payment()
        released = [Row(_("released, to be paid"), _released(waiting, person))] if waiting else []
        return [
            *papers_section(papers_for(record)),
            Section(
                _("Demand"),
                [*_open_rows(record, "amount", "reason", "received_at", "timely"), *guarantee_rows(record.guarantee)],
            ),
            *(
                [
                    Section(
                        _("Decision"), [*rows(record, "handler", "decided_at", "decision_reason"), *released, *payments]
                    )
                ]
                if record.handler_id or released
                else []
            ),
            Section(
                _("What the demand says"),
                rows(
                    record,
                    "beneficiary_name",
                    "beneficiary_code",
                    "applicant_name",
                    "applicant_code",
                    "project_name",
                    "project_code",
                    "section_code",
                )
                + beyond_rows(record.unknown_fields, person),
            ),
            Section(
                _("Account and person"),
                [*rows(record, "bank"), *personal_rows(record, PERSONAL, person)],
                note="" if may_see_personal_data(person) else _("Personal data is masked for your roles."),
            ),
        ]

    def summary(self, case: Demand, person: User) -> Section:
        return Section(
            str(case.named_number), [*_open_rows(case, "amount", "reason", "bank"), *guarantee_rows(case.guarantee)]
        )


def _open_rows(demand: Demand, *names: str) -> list[Row]:
    """Its fields; of one that is not decided also by when it is to be."""
    shown = rows(demand, *names)
    if demand.state in OPEN:
        until = deadline.of_demand(demand.guarantee, demand.received_at)
        shown.append(Row(_("to be decided and paid by"), until.day_text))
    return shown


def _released(settlement: Settlement, person: User) -> str:
    """What was released, for whoever pays it: the account whole for whoever may see it."""
    whole = may_see_personal_data(person)
    account = settlement.account if whole else mask_value(Personal.ACCOUNT, settlement.account)
    people = {"one": settlement.proposed_by, "other": settlement.released_by}
    by = _("proposed by %(one)s, released by %(other)s") % people
    return f"{yuan(settlement.amount)} · {settlement.bank} {account} · {by}"


def _flag(demand: Demand, flag: str) -> Flag:
    """What is odd; of a probable duplicate, also which demand it repeats."""
    other = demand.resembles
    if flag != Oddity.DUPLICATE or other is None:
        return Flag(Oddity(flag).label)
    same = [
        *([_("amount")] if other.amount == demand.amount else []),
        *([_("beneficiary's account")] if same_number(other.account, demand.account) else []),
    ]
    return Flag(
        format_html(
            _('Probably a duplicate: the same {same} as in <a href="{url}">the demand of {time}</a> ({state}).'),
            same=_(" and ").join(same),
            url=reverse("admin:claims_demand_change", args=[other.pk]),
            time=moment(other.received_at),
            state=other.get_state_display(),
        )
    )


def _payment_row(payment: Payment) -> Row:
    link = reverse("admin:claims_payment_change", args=[payment.pk])
    bounced = _(" (bounced)") if payment.bounced_at else ""
    text = f"{money(payment.amount)} · {moment(payment.paid_at)}{bounced}"
    return Row(_("payment"), format_html('<a href="{}">{}</a>', link, text))
