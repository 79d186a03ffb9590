"""Two people change a list of words: what is proposed, what holds once it is confirmed, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from staff.audit import history
from staff.models import KeptWordList, Proposal
from staff.roles import Role
from staff.word_lists import choices, word, word_list
from tests.institution import decide, open_to, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed() -> KeptWordList:
    return KeptWordList.objects.get(code="documents")


def propose(listed: KeptWordList, name: str, **given: Any) -> str:
    """What an underwriter reads after filling in the form as the page offers it, and sending it."""
    address = f"/admin/staff/keptwordlist/{listed.pk}/decide/{name}/"
    client = signed_in(Role.UNDERWRITER)
    offered = client.get(address, follow=True).context.get("form")
    filled = (
        {name: offered.get_initial_for_field(field, name) for name, field in offered.fields.items()} if offered else {}
    )
    data = {key: value for key, value in {**filled, "reason": "制度调整", **given}.items() if value is not None}
    return text(client, address, data)


def text(client: Client, address: str, data: dict[str, Any] | None = None) -> str:
    answer = client.get(address, follow=True) if data is None else client.post(address, data, follow=True)
    return answer.content.decode()


def confirm(proposal: Proposal) -> str:
    return text(signed_in(Role.MANAGER), f"/admin/staff/changerequest/{proposal.pk}/decide/confirm/", {})


def test_an_entry_is_added_by_two_people_before_the_one_for_all_else(listed: KeptWordList) -> None:
    page = f"/admin/staff/keptwordlist/{listed.pk}/change/"
    assert "badge-waits" in text(signed_in(Role.AUDITOR), page)
    assert "another person confirms it" in propose(listed, "add", text="海关报关单")
    assert "820" not in dict(choices("documents"))
    waiting = Proposal.objects.get()
    assert "海关报关单" in text(signed_in(Role.MANAGER), f"/admin/staff/changerequest/{waiting.pk}/change/")
    assert "done" in confirm(waiting)
    assert [code for code, _text in choices("documents")][-2:] == ["820", "899"]
    assert str(word("documents", "007")) == "Business licence"  # the others are the catalogue's still
    shown = text(signed_in(Role.AUDITOR), page)
    assert "badge-waits" not in shown
    assert "制度调整" in shown
    assert "Add an entry：820 海关报关单" in shown


def test_a_retired_entry_is_not_chosen_any_more_and_still_read(listed: KeptWordList) -> None:
    decide("retire", listed, Role.UNDERWRITER, entry="012", reason="不再收取")
    assert "012" not in dict(choices("documents"))
    assert str(word("documents", "012")) == "Credit report"
    changes = history(listed).filter(event="word_list.changed")
    assert [entry.details["list_change"] for entry in changes] == ["Retire an entry：012 Credit report"]
    assert "put_back" in open_to(listed, Role.UNDERWRITER)
    decide("put_back", listed, Role.UNDERWRITER, entry="012", reason="恢复收取")
    assert "012" in dict(choices("documents"))
    assert "put_back" not in open_to(listed, Role.UNDERWRITER)


def test_words_and_order_are_changed_and_the_code_stays(listed: KeptWordList) -> None:
    decide("reword", listed, Role.UNDERWRITER, entry="812", text="银行电子回单", needs_words=True, reason="统一用语")
    assert (word("documents", "812"), word_list("documents").find("812").needs_words) == ("银行电子回单", True)  # type: ignore[union-attr]
    codes = [code for code, _text in choices("documents")]
    decide("order", listed, Role.UNDERWRITER, order="\n".join(reversed(codes)), reason="常用在前")
    assert [code for code, _text in choices("documents")] == codes[::-1]
    decide("reword", listed, Role.UNDERWRITER, entry="812", text="Bank slip", reason="恢复原用语")
    assert listed.versions.first().words[-10]["text"] is None  # type: ignore[union-attr]


def test_the_defaults_become_the_institutions_own_unchanged(listed: KeptWordList) -> None:
    before = choices("documents")
    decide("keep", listed, Role.UNDERWRITER, reason="首次启用确认")
    assert choices("documents") == before
    assert "keep" not in open_to(listed, Role.UNDERWRITER)


def test_a_change_that_another_overtook_is_not_confirmed(listed: KeptWordList) -> None:
    propose(listed, "retire", entry="012")
    overtaken = Proposal.objects.get()
    decide("reword", listed, Role.REVIEWER, entry="012", text="企业信用报告", reason="统一用语")
    assert "changed since this was proposed" in confirm(overtaken)
    assert "012" in dict(choices("documents"))
    address = f"/admin/staff/changerequest/{overtaken.pk}/decide/change/"
    form = signed_in(Role.REVIEWER).get(address).context["form"]
    filled = {field: form.get_initial_for_field(form.fields[field], field) for field in form.fields}
    assert filled["entry"] == "012"
    text(signed_in(Role.REVIEWER), address, filled)
    confirm(Proposal.objects.latest("pk"))
    assert "012" not in dict(choices("documents"))


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("add", {"code": "007", "text": "另一种执照"}, "has an entry of this code"),
        ("add", {"code": "８２０", "text": "全角代码"}, "ASCII letters"),
        ("add", {"text": "Business licence"}, "already"),
        ("add", {"text": "长" * 65}, "64"),
        ("retire", {"entry": "899"}, "One entry must stay"),
        ("reword", {"entry": "899", "text": "Another paper"}, "One entry must stay"),
        ("reword", {"entry": "007", "text": "Business licence"}, "Nothing is different"),
        ("order", {"order": "007\n008"}, "These are missing"),
        ("order", {}, "Nothing is different"),
        ("order", {"order": "777"}, "No entry in use"),
    ],
)
def test_what_cannot_be_is_refused_by_a_sentence(
    listed: KeptWordList, name: str, given: dict[str, Any], sentence: str
) -> None:
    assert sentence in propose(listed, name, **given)
    assert not Proposal.objects.exists()
    assert not listed.versions.exists()


def test_words_stand_in_one_line(listed: KeptWordList) -> None:
    """Two lines would be two entries in the form of the order."""
    decide("add", listed, Role.UNDERWRITER, text="甲方证明\n 007 乙方证明", reason="统一用语")
    assert str(word("documents", "820")) == "甲方证明 007 乙方证明"


def test_no_version_is_changed_or_deleted(listed: KeptWordList) -> None:
    decide("keep", listed, Role.UNDERWRITER, reason="首次启用确认")
    with pytest.raises(TypeError):
        listed.versions.all().delete()
    with pytest.raises(TypeError):
        listed.versions.update(change="")
