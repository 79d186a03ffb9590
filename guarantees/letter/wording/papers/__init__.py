"""The other papers of the institution, one file each: what it says, and its declaration. This is the list of them."""

from __future__ import annotations

from collections.abc import Mapping

from guarantees.letter.wording.kinds import PaperKind
from guarantees.letter.wording.papers.confirmation import CANCELLATION, RETURN
from guarantees.letter.wording.papers.payment_notice import PAYMENT_NOTICE
from guarantees.letter.wording.papers.refusal import REFUSAL

#: By the name that the database has.
PAPERS: Mapping[str, PaperKind] = {paper.name: paper for paper in (PAYMENT_NOTICE, REFUSAL, CANCELLATION, RETURN)}
