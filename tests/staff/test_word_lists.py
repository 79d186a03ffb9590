"""Lists of words: what a room offers, what the institution made of it, and what old cases still read."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from staff.models import KeptWordList
from staff.word_lists import WORD_LISTS, choices, word, word_list

pytestmark = pytest.mark.django_db


def test_a_list_has_its_default_words_until_two_people_make_another_of_it() -> None:
    with override("zh-hans"):
        offered = dict(choices("documents"))
        assert str(offered["717"]) == "索赔书"
        assert str(word("documents", "812")) == "银行回单"
    assert next(iter(offered)) == "007"
    assert [one.code for one in word_list("documents").offered() if one.needs_words] == ["899"]


def test_each_list_has_its_row_and_no_two_entries_of_any_list_share_a_code() -> None:
    assert set(KeptWordList.objects.values_list("code", flat=True)) == {listed.code for listed in WORD_LISTS}
    codes = [one.code for listed in WORD_LISTS for one in listed.words]
    assert len(codes) == len(set(codes))


def test_what_no_list_ever_had_is_read_as_it_stands() -> None:
    assert word("documents", "999") == "999"
    with pytest.raises(LookupError):
        word_list("nothing")
