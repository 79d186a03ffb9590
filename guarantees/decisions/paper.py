"""What the decisions that make a paper have in common: once for each case; the platform is told of none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit
from guarantees.decisions.signed import Case, Draft, ParticularsT, SignedDecision
from guarantees.issuing import institution
from guarantees.letter.wording.kinds import PaperKind
from guarantees.models import Application, Guarantee, IssuedPaper
from guarantees.models.numbering import new_paper_number
from guarantees.models.paper import paper_path, papers_for
from staff.decisions import Inapplicable
from staff.events import Detail, EventKind
from staff.models import User


class MakePaper(SignedDecision[Case, ParticularsT], Generic[Case, ParticularsT]):
    """Makes a paper, signed and stored; staff hand it over. Its `event` is `audit.paper_made(kind)`."""

    kind: ClassVar[PaperKind]
    file_of = IssuedPaper
    detail_names = {"paper": Detail(gettext_lazy("paper"))}

    def kind_for(self, case: Case) -> PaperKind:
        """Which it makes, where that depends on the case."""
        return self.kind

    def concerns(self, case: Case) -> tuple[Application, Guarantee | None]:
        """Which application it belongs to, and which guarantee it is about, if it is about one."""
        raise NotImplementedError

    def event_of(self, case: Case) -> EventKind:
        return audit.paper_made(self.kind_for(case))

    def new_number(self, case: Case, now: datetime) -> str:
        return new_paper_number(self.kind_for(case).number_letter, now)

    def make(self, case: Case, particulars: ParticularsT, now: datetime) -> institution.Letter:
        _application, guarantee = self.concerns(case)
        wording = self.kind_for(case).wording_for(guarantee.letter_kind if guarantee else "")
        return institution.make_paper(particulars, wording.name, signed_at=now)

    def path(self, now: datetime, number: str) -> str:
        return paper_path(now, number)

    def commit(self, case: Case, person: User, draft: Draft[ParticularsT], data: dict[str, Any]) -> None:
        application, guarantee = self.concerns(case)
        data["paper"] = IssuedPaper.objects.create(
            kind=self.kind_for(case).name,
            number=draft.particulars.number,
            application=application,
            guarantee=guarantee,
            subject_type=case._meta.label_lower,
            subject_id=case.pk,
            verification_code=draft.particulars.verification_code,
            wording=draft.wording,
            particulars=draft.particulars.as_mapping(),
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
