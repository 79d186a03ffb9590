"""The beneficiary is given a notice of the refusal: why, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Demand, DemandState
from guarantees.audit import paper_made
from guarantees.decisions.paper import MakePaper, made_obstacle, of_guarantee
from guarantees.issuing import institution
from guarantees.letter.wording.kinds import INSURANCE
from guarantees.letter.wording.papers.refusal import REFUSAL, Refusal
from guarantees.models import Application, Guarantee, GuaranteeState
from staff.decisions import state_obstacle
from staff.desk.page import day
from staff.models import User

#: 保险法 art. 24: an insurer sends it within three days of its decision.
INSURERS_TIME = timedelta(days=3)


class GroundsForm(forms.Form):
    """What the notice prints as the reason: every discrepancy, or every ground in law."""

    grounds = forms.CharField(
        label=gettext_lazy("Grounds, as the notice prints them"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "All of them, a line each; they are numbered. The beneficiary reads this: name no person and no account."
        ),
    )


class MakeRefusalNotice(MakePaper[Demand, Refusal]):
    name = "refusal_notice"
    label = gettext_lazy("Make the notice of refusal")
    permission = "claims.handle_demand"
    model = Demand
    form_class = GroundsForm
    kind = REFUSAL
    event = paper_made(REFUSAL)

    def obstacle(self, case: Demand, person: User) -> str | None:
        return state_obstacle(case, DemandState.REFUSED) or made_obstacle(case)

    def consequence(self, case: Demand) -> str:
        sentences = _(
            "The platform has no message for it and is told nothing: download the notice and hand it to the "
            "beneficiary."
        )
        if case.guarantee.letter_kind == INSURANCE and case.decided_at:
            last = timezone.localtime(case.decided_at + INSURERS_TIME).date()
            sentences += " " + _("The law gives an insurer three days: until %(day)s.") % {"day": day(last)}
        return sentences

    def initial(self, case: Demand) -> Mapping[str, Any]:
        return {"grounds": case.decision_reason}

    def concerns(self, case: Demand) -> tuple[Application, Guarantee | None]:
        return case.guarantee.application, case.guarantee

    def particulars(self, case: Demand, data: Mapping[str, Any], number: str, code: str, now: datetime) -> Refusal:
        if case.decided_at is None:
            raise ValueError(f"Demand {case} is not decided.")
        guarantee = case.guarantee
        named: dict[str, Any] = {
            "guarantee_number": case.named_number,
            "replaced_by": guarantee.number if guarantee.number != case.named_number else "",
            "beneficiary_name": case.beneficiary_name,
            "beneficiary_code": case.beneficiary_code,
        }
        if letter := Guarantee.objects.filter(number=case.named_number).first():
            named |= {
                "guarantee_issued_at": letter.issued_at,
                "amount": letter.amount,
                "valid_until": letter.valid_until,
            }
        return Refusal(
            number=number,
            verification_code=code,
            issued_at=now,
            **institution.institution_values(number, code),
            **{**of_guarantee(guarantee), **named},
            demanded_at=case.received_at,
            demanded=case.amount,
            decided_at=case.decided_at,
            grounds=data["grounds"],
            demand_until=guarantee.valid_until if _may_be_demanded(guarantee, now) else None,
            clauses_name=guarantee.particulars.get("clauses_name", ""),
            clauses_number=guarantee.particulars.get("clauses_number", ""),
        )


def _may_be_demanded(guarantee: Guarantee, now: datetime) -> bool:
    return guarantee.state == GuaranteeState.IN_FORCE and now < guarantee.over_at and guarantee.remaining > 0
