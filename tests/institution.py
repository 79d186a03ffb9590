"""The institution's people at work, through the decisions that the desk's buttons take."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeVar

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from reportlab.pdfgen.canvas import Canvas

from claims.models import Demand
from config.rooms import grants
from guarantees.issuing import readiness
from guarantees.letter.typesetting.pages import Box, Pages
from guarantees.letter.wording.particulars import Paper
from guarantees.letter.wording.wordings import Wording
from guarantees.models import Application, Cancellation, Guarantee, Withdrawal
from protocol import strictjson
from protocol.models import Notification
from staff import clock
from staff.decisions import DECISIONS
from staff.models import BusinessParameter, User
from staff.parameters import read_together
from staff.proposal_decisions import ConfirmProposal
from staff.proposals import propose
from staff.roles import Role
from tests import replay
from tests.platform import APPLICATION, Platform, demand_fields

PASSWORD = "correct horse battery"
Case = TypeVar("Case", bound=Model)
#: A white page of eight by eight dots.
SCAN = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080100000000ec7483260000000d49444154789c63f8cfc4800c01"
    "0f71010ea9ad9ac00000000049454e44ae426082"
)


def issued_today() -> None:
    """As after a letter that was made this hour: no sample is made to see whether one could be, until a setting or the
    wording in use is another."""
    with read_together():
        readiness.succeeded(clock.now())


def plain_page(paper: Paper, words: Wording, *, mark: str = "") -> Pages:
    """Stands in for `guarantees.issuing.institution.draw`: a page that says which paper it would be, and no more."""
    words.compose(paper.placeholders())
    output = BytesIO()
    canvas = Canvas(output, invariant=1)
    canvas.drawString(100, 700, ascii(f"{paper.number} {paper.verification_code} {mark}"))
    canvas.save()
    place = Box(0, 100, 100, 300, 220)
    return Pages(output.getvalue(), place, place)


#: What releases a payment on a demand, by what records it.
RELEASED_BY = {"pay": "settle", "repeat_payment": "settle_again"}


def person(role: Role, name: str = "") -> User:
    """The person of a role, the same one each time; another one by another name. They sign in with PASSWORD."""

    def found() -> User:
        shown = name or f"Person {role.value}"
        account, new = User.objects.get_or_create(username=name or role.value, defaults={"name": shown})
        if new:
            account.set_password(PASSWORD)
            account.save()
            account.groups.add(Group.objects.get(name=role.value))
        return account

    return replay.taken(("person", role, name), found, again)


def signed_in(role: Role) -> Client:
    """A browser in which the person of that role is signed in, reading English."""

    def sign_in() -> Client:
        client = Client()
        client.force_login(person(role))
        client.cookies["django_language"] = "en"
        return client

    def another(client: Client) -> Client:
        other = Client()
        other.cookies = deepcopy(client.cookies)
        return other

    return replay.taken(("signed in", role), sign_in, another)


def decide(name: str, case: Model, who: User | Role, /, **given: Any) -> Any:
    """Fills in the decision's form as it is offered, with `given` replaced, and takes it; what two people do is
    confirmed by another, and a payment on a demand is released before it is recorded."""
    if isinstance(case, Demand) and name in RELEASED_BY:
        first = {field: given.pop(field) for field in ("amount", "bank", "account", "reason") if field in given}
        decide(RELEASED_BY[name], case, who, **first)
        case = again(case)
    decision = next(found for found in DECISIONS if found.name == name and isinstance(case, found.model))
    someone = who if isinstance(who, User) else person(who)
    form = decision.form(case)
    data = {field: form.get_initial_for_field(form.fields[field], field) for field in form.fields}
    files = {
        field: given.pop(field, scan()) for field in form.fields if field in ("voucher", "release", "paper", "file")
    }
    shown = {field: value for field, value in {**data, **given}.items() if value is not None}
    for field, value in shown.items():
        if isinstance(value, datetime):
            shown[field] = timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S")
    bound = decision.form(case, shown, files)
    assert bound.is_valid(), bound.errors
    permission = decision.second_permission(case, bound.cleaned_data)
    if not permission:
        return decision.take(case.pk, someone, bound.cleaned_data)
    proposal = propose(decision, case.pk, someone, bound)
    ConfirmProposal().take(proposal.pk, confirmer(permission, besides=someone))
    return again(case)


def confirmer(permission: str, *, besides: User) -> User:
    """The person of the first role that may confirm what somebody else proposed."""
    role = next(role for role in Role if permission in grants()[role])
    return person(role) if person(role) != besides else person(role, f"second {role.value}")


def parameter(code: str, value: Any = None, /, **parts: Any) -> None:
    """Two people change a piece of data that guides decisions; one of several parts by these."""
    row = BusinessParameter.objects.get(code=code)
    decide("change", row, Role.UNDERWRITER, **(parts or {"value": value}), reason="制度调整")


def open_to(case: Model, who: User | Role) -> set[str]:
    """The names of the decisions that this person may take on the case now, but those that only keep something with it,
    which are open wherever it stands."""
    someone = who if isinstance(who, User) else person(who)
    return {
        one.name for one in DECISIONS if isinstance(case, one.model) and not one.keeps and one.is_open_to(case, someone)
    }


def again(case: Case) -> Case:
    """The case as the database has it now."""
    found: Case = type(case)._default_manager.get(pk=case.pk)
    return found


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.png", SCAN, "image/png")


def connected() -> Platform:
    """A platform that has an agreement with the institution."""
    return replay.taken("connected", Platform, Platform.again)


def applied(platform: Platform, **changed: Any) -> Application:
    def apply() -> Application:
        assert platform.apply(**changed).code == "000"
        number = changed.get("applicationId", APPLICATION["applicationId"])
        return Application.objects.filter(order__connection=platform.connection, order__number=number).latest("round")

    return replay.taken(_key("applied", platform, changed), apply, again)


def approved(platform: Platform, **changed: Any) -> Application:
    def approve() -> Application:
        application = applied(platform, **changed)
        decide("approve", application, Role.UNDERWRITER, premium=Decimal("4500.00"))
        return again(application)

    return replay.taken(_key("approved", platform, changed), approve, again)


def paid(platform: Platform, **changed: Any) -> Application:
    def pay() -> Application:
        application = approved(platform, **changed)
        decide("record_payment", application, Role.CASHIER, reference="B1")
        return again(application)

    return replay.taken(_key("paid", platform, changed), pay, again)


def issued(platform: Platform, **changed: Any) -> Guarantee:
    def issue() -> Guarantee:
        application = paid(platform, **changed)
        decide("issue", application, Role.ISSUER)
        return Guarantee.objects.get(application=application)

    return replay.taken(_key("issued", platform, changed), issue, again)


def _key(step: str, platform: Platform, changed: dict[str, Any]) -> tuple[Any, ...]:
    return step, platform.connection.pk, tuple(sorted(changed.items()))


def cancellation(platform: Platform, guarantee: Guarantee, kind: str = "0", **changed: Any) -> Cancellation:
    """What PREP107 asks for, as a case."""
    fields = {"guaranteeId": guarantee.number, "invalidTime": "2026-11-01 00:00:00", "invalidType": kind, **changed}

    def ask() -> Cancellation:
        assert platform.send("PREP107", fields).code == "000"
        return Cancellation.objects.filter(guarantee=guarantee).latest("id")

    return replay.taken(_key("cancellation", platform, fields), ask, again)


def withdrawal(platform: Platform, number: str, kind: str) -> Withdrawal:
    """What PREP109 asks for, as a case."""
    fields = {"applicationId": number, "applicationType": kind, "refundReason": "不再需要"}

    def ask() -> Withdrawal:
        assert platform.send("PREP109", fields).code == "000"
        return Withdrawal.objects.filter(order__number=number, order__connection=platform.connection).latest("id")

    return replay.taken(_key("withdrawal", platform, fields), ask, again)


def demanded(platform: Platform, guarantee: Guarantee, **changed: Any) -> Demand:
    """What PREP105 demands, as a case."""
    fields = demand_fields(guarantee.number, **changed)

    def demand() -> Demand:
        assert platform.send("PREP105", fields).code == "000"
        return Demand.objects.latest("id")

    return replay.taken(_key("demanded", platform, fields), demand, again)


def notified(platform: Platform) -> list[str]:
    """What the platform is told, in order: transcode and status."""
    rows = Notification.objects.filter(connection=platform.connection).order_by("id")
    return [f"{row.transcode} {row.status}".strip() for row in rows]


def notified_fields(platform: Platform, index: int = -1) -> dict[str, Any]:
    """The fields of one of the messages that the platform is told."""
    rows = list(Notification.objects.filter(connection=platform.connection).order_by("id"))
    return dict(strictjson.loads(rows[index].plaintext.encode()))
