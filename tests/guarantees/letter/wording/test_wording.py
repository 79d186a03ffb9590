"""The words of a letter: every file of ours composes, and what the law forbids is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guarantees.letter.wording.kinds import INDEPENDENT, INSURANCE, SURETYSHIP
from guarantees.letter.wording.lines import Mark
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import KINDS, WordingError, check_wordings, letter_kind, newest, parse
from staff.trade_words import InstitutionKind
from tests.guarantees.letter.conftest import WORDINGS, invented

TEXT = (WORDINGS / SURETYSHIP / "2026-1.txt").read_text(encoding="utf-8")
FILES = sorted(WORDINGS.glob("*/*.txt"))

Make = Callable[..., Particulars]


def sentences(text: str, letter: Particulars) -> list[str]:
    blocks = parse(SURETYSHIP, "test", text).compose(letter.placeholders())
    return ["".join(run.text for run in block.runs) for block in blocks]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_file_composes(file: Path) -> None:
    wording = parse(file.parent.name, file.stem, file.read_text(encoding="utf-8"))
    paper = invented(KINDS[wording.kind].particulars)
    blocks = wording.compose(paper.placeholders())
    printed = "".join(run.text for block in blocks for run in (*block.label, *block.runs))
    assert not set("{}[]*|") & set(printed)


def test_our_own_directory_has_no_problem() -> None:
    assert check_wordings(WORDINGS) == []


def test_an_empty_directory_is_a_problem_of_every_kind(tmp_path: Path) -> None:
    assert len(check_wordings(tmp_path)) == len(KINDS)


@pytest.mark.parametrize(
    ("institution", "kind"),
    [
        (InstitutionKind.BANK, "independent"),
        (InstitutionKind.GUARANTEE_COMPANY, "suretyship"),
        (InstitutionKind.INSURER, "insurance"),
    ],
)
def test_an_institution_issues_its_own_kind(institution: InstitutionKind, kind: str) -> None:
    assert letter_kind(institution) == kind


def test_a_guarantee_company_cannot_be_independent() -> None:
    with pytest.raises(WordingError, match="suretyship is right"):
        letter_kind(InstitutionKind.GUARANTEE_COMPANY, INDEPENDENT)


def test_the_newest_is_by_number_not_by_letter(tmp_path: Path) -> None:
    (tmp_path / SURETYSHIP).mkdir()
    for version in ("2026-9", "2026-10"):
        (tmp_path / SURETYSHIP / f"{version}.txt").write_text(TEXT, encoding="utf-8")
    assert newest(tmp_path, SURETYSHIP).version == "2026-10"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT.replace("连带责任", "责任"), "must say 连带责任"),
        (TEXT.replace("连带责任", "责任") + "[supersedes] 连带责任", "must say 连带责任"),
        (TEXT + "见索即付", "must not say 见索即付"),
        (TEXT + "见索**即付**", "must not say 见索即付"),
        (TEXT + "> 见索即付|是", "must not say 见索即付"),
        (TEXT.replace("{payment_working_days}", "5"), r"nowhere says \{payment_working_days\}"),
        (TEXT + "{winner}", r"unknown placeholder \{winner\}"),
        (TEXT + "[winner] 中标", r"unknown placeholder \{winner\}"),
        (TEXT + "{number", "brace without its partner"),
        (TEXT + "**粗体", r"\*\* without its partner"),
        (TEXT + "# 保函", "exactly one title"),
        (TEXT + "| 标签", "a label"),
        (TEXT + "=无空格", "begins like a mark"),
        (TEXT + "[supersedes]无空格", "begins like a mark"),
        (TEXT.replace("\n>", "\n;"), "a foot .* is right"),
    ],
)
def test_it_refuses(text: str, says: str) -> None:
    with pytest.raises(WordingError, match=says):
        parse(SURETYSHIP, "test", text)


def test_a_line_without_its_condition_is_left_out(particulars: Make) -> None:
    line = "本保函替换编号为GD2的保函"
    assert any(line in sentence for sentence in sentences(TEXT, particulars(supersedes="GD2")))
    assert not any("替换编号" in sentence for sentence in sentences(TEXT, particulars()))


def test_clauses_and_items_are_numbered(particulars: Make) -> None:
    blocks = parse(SURETYSHIP, "test", TEXT).compose(particulars(supersedes="GD2").placeholders())
    clauses = [block.ordinal for block in blocks if block.mark is Mark.CLAUSE]
    assert clauses == list(range(1, len(clauses) + 1))
    assert [block.ordinal for block in blocks if block.mark is Mark.ITEM][:4] == [1, 2, 1, 2]


def test_a_row_without_value_is_left_out(particulars: Make) -> None:
    blocks = parse(SURETYSHIP, "test", TEXT).compose(particulars(section_code="").placeholders())
    assert not any("编号" in run.text for block in blocks for run in block.label if "标段" in run.text)


def test_a_hole_in_a_sentence_is_refused(particulars: Make) -> None:
    with pytest.raises(WordingError, match=r"\{section_name\} has no value"):
        sentences(TEXT, particulars(section_name=" "))


def test_an_insurer_without_clauses_is_refused(particulars: Make) -> None:
    with pytest.raises(WordingError, match=r"\{clauses_name\} has no value"):
        newest(WORDINGS, INSURANCE).compose(particulars(clauses_name="").placeholders())


def test_a_value_is_never_read_as_a_mark(particulars: Make) -> None:
    assert "致：**{number}**局" in sentences(TEXT, particulars(beneficiary_name="**{number}**局"))


def test_line_breaks_within_a_name_become_blanks(particulars: Make) -> None:
    assert "致：滨江区 教育局" in sentences(TEXT, particulars(beneficiary_name=" 滨江区\r\n教育局\u3000"))


def test_the_reference_names_the_text_and_fits_its_column() -> None:
    one, other = parse(SURETYSHIP, "9" * 32, TEXT), parse(SURETYSHIP, "9" * 32, TEXT + "。")
    assert one.reference != other.reference
    assert len(one.reference) <= 64


def test_it_tells_everything_that_is_wrong_at_once() -> None:
    wrong = TEXT.replace("{applicant_name}", "{aplicant_name}") + "{number\n=无空格\n"
    with pytest.raises(WordingError) as refusal:
        parse(SURETYSHIP, "test", wrong)
    problems = "\n".join(refusal.value.problems)
    assert "{aplicant_name}; {applicant_name} may be meant" in problems
    assert problems.count("the known placeholders are") == 1
    assert "nowhere says {applicant_name}" in problems
    assert "a brace without its partner" in problems
    assert "begins like a mark" in problems


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("合同期限为{contract_months}个月。", "contract_months"),
        ("| 合同期限 | {contract_months}个月", "contract_months"),
        ("[supersedes] 已付{paid_before_words}。", "paid_before_words"),
        ("依照{clauses_name}。", "clauses_name"),
    ],
)
def test_what_some_letters_lack_must_be_conditional(line: str, name: str) -> None:
    with pytest.raises(WordingError, match=rf"\{{{name}\}} has no value in some letters"):
        parse(SURETYSHIP, "test", f"{TEXT}\n{line}")
    assert parse(SURETYSHIP, "test", f"{TEXT}\n[{name}] {line.removeprefix('[supersedes] ')}")


def test_a_row_of_nothing_but_such_a_value_leaves_itself_out() -> None:
    assert parse(SURETYSHIP, "test", TEXT + "\n| 所替换的保函 | {supersedes}")


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / SURETYSHIP).mkdir()
    (tmp_path / SURETYSHIP / "2026-1.txt").write_bytes(TEXT.encode("gb18030"))
    assert any("2026-1.txt" in problem and "utf-8" in problem for problem in check_wordings(tmp_path))


@pytest.mark.parametrize(
    "first", ["> 条款|{clauses_name}", "[supersedes] > 保证人|{institution_name}", "> 电话|{institution_telephone}"]
)
def test_the_foots_first_line_names_the_institution_in_every_letter(first: str) -> None:
    changed = TEXT.replace("> 保证人（电子签章）|{institution_name}", f"{first}\n> 保证人|{{institution_name}}")
    assert changed != TEXT
    with pytest.raises(WordingError, match="foot whose first line"):
        parse(SURETYSHIP, "2026-9", changed)


def test_more_clauses_than_can_be_numbered_are_refused() -> None:
    with pytest.raises(WordingError, match="at most 900"):
        parse(SURETYSHIP, "2026-9", TEXT.replace("> 保证人", "= 条款\n" * 900 + "> 保证人", 1))
