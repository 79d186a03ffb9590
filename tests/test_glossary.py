"""The glossary's words are the code's and the catalogue's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils.translation import override
from django_fsm import FSMField

from config.states import machines
from staff.trade_words import WORDS

GLOSSARY = (Path(__file__).parents[1] / "docs/glossary.md").read_text()


def table(heading: str) -> list[list[str]]:
    section = GLOSSARY.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def in_both(text: object) -> tuple[str, str]:
    with override("en"):
        english = str(text)
    with override("zh-hans"):
        return english, str(text)


@pytest.mark.parametrize(("model", "field"), machines())
def test_the_states_are_the_glossarys(model: type[models.Model], field: FSMField) -> None:
    in_code = [(str(value), *in_both(label)) for value, label in field.choices or []]
    thing, _chinese = in_both(model._meta.verbose_name)
    assert [tuple(row[1:4]) for row in table("States") if row[0] == thing] == in_code


def test_the_things_are_named_as_the_desk_names_them() -> None:
    desk = dict(in_both(model._meta.verbose_name) for model in apps.get_models())
    listed = [(row[0], row[1]) for row in table("Things")]
    assert len({english for english, _chinese in listed}) == len(listed)
    for english, chinese in listed:
        if english in desk:
            assert desk[english] == chinese
    assert len([english for english, _chinese in listed if english in desk]) > 15


def test_each_kind_of_institution_has_its_words() -> None:
    listed = [(word.guarantee_company, word.bank, word.insurer) for word in WORDS]
    assert [tuple(row) for row in table("Words that follow the kind of institution")] == listed


def test_what_the_platform_is_told_is_a_transcode_with_its_status() -> None:
    for row in table("States"):
        assert re.fullmatch(r"—|PREP10[268]( \d\d(, \d\d)*)?", row[4]), row
