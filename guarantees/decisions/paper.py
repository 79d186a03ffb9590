"""What the decisions that make a paper have in common: once for each case; the platform is told of none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit
from guarantees.decisions.signed import Case, Draft, Said, SignedDecision
from guarantees.issuing import institution
from guarantees.models import Application, Guarantee, IssuedPaper, PaperKind
from guarantees.models.numbering import new_paper_number
from guarantees.models.paper import NUMBER_LETTERS, paper_path, papers_for
from staff.decisions import Inapplicable
from staff.desk.page import Text
from staff.events import Detail, EventKind
from staff.models import User


class MakePaper(SignedDecision[Case, Said], Generic[Case, Said]):
    """Makes a paper, signed and stored; staff hand it over."""

    file_of = IssuedPaper
    detail_names = {"paper": Detail(gettext_lazy("paper"))}

    def kind(self, case: Case) -> PaperKind:
        raise NotImplementedError

    def wording(self, case: Case) -> str:
        """The kind of its wording."""
        raise NotImplementedError

    def concerns(self, case: Case) -> tuple[Application, Guarantee | None]:
        raise NotImplementedError

    def new_number(self, case: Case, now: datetime) -> str:
        return new_paper_number(NUMBER_LETTERS[self.kind(case)], now)

    def make(self, case: Case, said: Said, now: datetime) -> institution.Letter:
        return institution.make_paper(said, self.wording(case), signed_at=now)

    def path(self, now: datetime, number: str) -> str:
        return paper_path(now, number)

    def commit(self, case: Case, person: User, draft: Draft[Said], data: dict[str, Any]) -> None:
        application, guarantee = self.concerns(case)
        data["paper"] = IssuedPaper.objects.create(
            kind=self.kind(case),
            number=draft.said.number,
            application=application,
            guarantee=guarantee,
            subject_type=case._meta.label_lower,
            subject_id=case.pk,
            verification_code=draft.said.verification_code,
            wording=draft.wording,
            particulars=draft.said.as_mapping(),
            file=draft.path,
            file_digest=draft.digest,
            made_by=person,
            made_at=draft.made_at,
        )

    def details(self, case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
        paper: IssuedPaper = data["paper"]
        return {
            "paper": paper.number,
            "sha256": paper.file_digest,
            "particulars": audit.particulars_digest(paper.particulars),
        }

    def reason(self, case: Case, data: Mapping[str, Any]) -> str:
        return ""


def paper_event(kind: PaperKind, title: Text) -> EventKind:
    """That a paper of this kind was made."""
    return EventKind(f"paper.{kind}", title, "description")


def made_obstacle(case: models.Model) -> Inapplicable | None:
    """A paper is made once; whoever wants it again downloads it."""
    if made := papers_for(case).first():
        return Inapplicable(_("This is made already: %(number)s. Download it on this page.") % {"number": made.number})
    return None


def of_guarantee(guarantee: Guarantee) -> dict[str, Any]:
    """What a paper about a guarantee says of it."""
    application = guarantee.application
    successor = Guarantee.objects.filter(supersedes=guarantee).first()
    return {
        "guarantee_number": guarantee.number,
        "guarantee_issued_at": guarantee.issued_at,
        "replaced_by": successor.number if successor else "",
        "beneficiary_name": application.beneficiary_name,
        "beneficiary_code": application.beneficiary_code,
        "applicant_name": application.applicant_name,
        "applicant_code": application.applicant_code,
        "project_name": application.project_name,
        "project_code": application.project_code,
        "amount": guarantee.amount,
        "valid_until": guarantee.valid_until,
    }
