"""Whatever an address says to any report, it is told or refused in a sentence: never a failure of ours."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from staff.desk.reports.asking import QUESTIONS, ReportForm
from staff.desk.reports.report import REPORTS
from staff.roles import Role
from tests.institution import person

NASTY = (
    "x" * 300,
    "-1",
    "99999999999999999999",
    "9999999999999999999999-01-01",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "１５",
    "%",
    "'; --",
    "<b>",
    "\ud7ff",
    "NaN",
)


@pytest.mark.django_db
def test_no_answer_to_any_question_breaks_a_report() -> None:
    auditor = person(Role.AUDITOR)
    asked = valid = 0
    tried: set[tuple[object, ...]] = set()  # a filter of several reports reads alike in all
    for report in REPORTS:
        questions = {(name, report.takes) for name in QUESTIONS} | {(one.name, one) for one in report.filters}
        for name in sorted(question[0] for question in questions - tried):
            for nasty in NASTY:
                query = QueryDict(mutable=True)
                query[name] = nasty
                form = ReportForm(report, auditor, query)
                asked += 1
                assert all(offer.label for offer in form.offers())
                if form.is_valid():
                    valid += 1
                    for table in report.tables(form.asked()):
                        list(table.rows)
                else:
                    assert all(message for messages in form.errors.values() for message in messages)
        tried |= questions
    assert asked > 300
    assert valid < asked / 4
