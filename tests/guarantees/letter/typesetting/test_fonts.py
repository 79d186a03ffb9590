"""Rare characters come from further fonts or stop the letter; nothing unprintable gets into it unseen."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFontFile, TTFontMaker

from guarantees.letter.typesetting.fonts import MissingGlyph, Typeface, typeface
from guarantees.letter.typesetting.pages import draw
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import newest, parse
from tests.guarantees.letter.conftest import FONTS, WORDINGS

Make = Callable[..., Particulars]
RARE, RARER = "\N{CJK UNIFIED IDEOGRAPH-20BB7}", "\N{CJK UNIFIED IDEOGRAPH-20BB8}"


def font_with(character: str, path: Path, face: Typeface, *, shape: str = "吉") -> Path:
    """A TrueType file with that one character, which looks like `shape`."""
    subset = TTFontFile(BytesIO(pdfmetrics.getFont(face.regular).face.makeSubset([ord(shape)])), charInfo=0)
    maker = TTFontMaker()
    for tag in subset.table:
        maker.add(tag, subset.get_table(tag))
    groups = pack(">HHLLLLLL", 12, 0, 28, 0, 1, ord(character), ord(character), 1)
    maker.add("cmap", pack(">HHHHL", 0, 1, 3, 10, 12) + groups)
    path.write_bytes(maker.makeStream())
    return path


def name_in_letter(name: str, letter: Make, face: Typeface) -> str:
    """The applicant's name as it is extracted from the table of its letter."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, and nothing else here reads a PDF's text")
    content = draw(letter(applicant_name=name), newest(WORDINGS, "suretyship"), face=face).content
    text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    found = re.search(r"债务人（供应商）\s+(.*)\n", text)
    assert found
    return found[1]


def test_a_rare_character_comes_from_the_first_further_font_that_has_it(
    particulars: Make, face: Typeface, tmp_path: Path
) -> None:
    first, second = font_with(RARE, tmp_path / "a.ttf", face), font_with(RARER, tmp_path / "b.ttf", face)
    wide = typeface(FONTS, (first, second))
    assert wide.font_for(RARE, bold=True) != wide.font_for(RARER, bold=True)
    assert name_in_letter(f"{RARE}野{RARER}家有限公司", particulars, wide) == f"{RARE}野{RARER}家有限公司"


def test_fonts_of_one_file_name_are_two(particulars: Make, face: Typeface, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = font_with(RARE, tmp_path / "a.ttf", face), font_with(RARER, tmp_path / "other" / "a.ttf", face)
    assert name_in_letter(RARE + RARER, particulars, typeface(FONTS, (first, second))) == RARE + RARER


def test_a_character_that_no_font_has_stops_the_letter(particulars: Make, face: Typeface, tmp_path: Path) -> None:
    wide = typeface(FONTS, (font_with(RARE, tmp_path / "a.ttf", face),))
    with pytest.raises(MissingGlyph, match=rf"{RARER} \(U\+20BB8\) in “鉴于{RARE}野{RARER}野家.*”: write it otherwise"):
        name_in_letter(f"{RARE}野{RARER}野家", particulars, wide)


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\x07", r"U\+0007"),
        ("\x00", r"U\+0000"),
        ("\ud842", r"U\+D842"),
        ("\ue863", r"U\+E863"),
        ("\U000f0000", r"U\+F0000"),
        ("ᠮ", r"U\+182E\) in “.*” is Mongolian, whose letters must be joined"),
        ("न", r"U\+0928\) in “.*” is Devanagari"),
        ("\u200f", r"U\+200F \(right-to-left mark\)"),
        ("\u202e", r"U\+202E \(right-to-left override\)"),
        ("א", r"U\+05D0"),
        ("\u20dd", r"U\+20DD"),
        ("😀", r"😀 \(U\+1F600\)"),
    ],
)
def test_what_cannot_be_printed_stops_the_letter_whatever_a_font_has(
    character: str, named: str, particulars: Make, face: Typeface, tmp_path: Path
) -> None:
    fonts = (font_with(character, tmp_path / "a.ttf", face),) if character != "😀" else ()
    with pytest.raises(MissingGlyph, match=named) as refusal:
        name_in_letter(f"启明{character}教育", particulars, typeface(FONTS, fonts))
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    "character", ["\u200b", "\u200d", "\u200e", "\u2060", "\ufeff", "\u00ad", "\u202d", "\ufe0f", "\U000e0100"]
)
def test_what_nobody_sees_is_left_out(character: str, particulars: Make, face: Typeface) -> None:
    assert name_in_letter(f"启明{character}教育", particulars, face) == "启明教育"


def test_a_line_of_which_nothing_is_seen_takes_no_room(particulars: Make, face: Typeface) -> None:
    lines = (WORDINGS / "suretyship" / "2026-1.txt").read_text()
    words = parse("suretyship", "any", lines.replace("= 保证方式", "{section_name}\n- {section_name}\n= 保证方式"))
    assert draw(particulars(section_name="\u200b"), words, face=face).content


def test_a_letter_and_the_accent_upon_it_become_one_character(particulars: Make, face: Typeface) -> None:
    assert name_in_letter("Nestle\u0301 (China)", particulars, face) == "Nestl\u00e9 (China)"


def test_characters_of_one_shape_keep_their_own_code(particulars: Make, face: Typeface) -> None:
    shapes = pdfmetrics.getFont(face.regular).face.charToGlyph
    assert shapes[ord("⼀")] == shapes[ord("一")]
    assert name_in_letter("⼀启一明", particulars, face) == "⼀启一明"


@pytest.mark.parametrize("content", [b"", b"no font at all", b"\0\1\0\0" + bytes(200)])
def test_a_file_that_is_no_font_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(content)
    with pytest.raises(TTFError, match=r"broken\.ttf|TrueType"):
        typeface(FONTS, (tmp_path / "broken.ttf",))
