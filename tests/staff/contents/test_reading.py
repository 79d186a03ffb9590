"""A file is what its content says; a program, a bomb and what nobody can open are told for what they are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from staff.contents import examination, image, ofd, pdf
from staff.contents.examination import SENTENCES, NotTaken, examine
from staff.contents.found import Contents, Fault, Unfit
from staff.contents.reading import read
from staff.isolation import ROOT, Limits
from tests.guarantees.letter.signature import hostile
from tests.staff import handed_in

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>"
PAGES, PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R>>"
XBRL = b'\xef\xbb\xbf<?xml version="1.0"?><xbrl/>'


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [
        (handed_in.pdf(3), "pdf", 3),
        (handed_in.locked(""), "pdf", 2),
        (handed_in.carrying(XBRL), "pdf", 2),
        (handed_in.opening("/GoTo", D="first"), "pdf", 2),
        (handed_in.picture(), "png", 1),
        (handed_in.picture(form="JPEG"), "jpg", 1),
        (handed_in.archive(OFD__xml=b"<ofd/>", Doc=b"<page/>"), "ofd", None),
    ],
    ids=["pdf", "nobody edits it", "bank's data", "jumps", "png", "jpeg", "ofd"],
)
def test_what_is_kept(content: bytes, kind: str, pages: int | None) -> None:
    assert read(content) == Contents(kind, pages)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (handed_in.PROGRAM, Fault.KIND),
        (b"#!/bin/sh\nrm -rf /", Fault.KIND),
        (b"", Fault.KIND),
        (b" " + handed_in.pdf(), Fault.KIND),
        (handed_in.archive(a=b"b"), Fault.KIND),
        (b"GIF89a" + bytes(100), Fault.KIND),
        (handed_in.pdf()[:300], Fault.DAMAGED),
        (handed_in.picture(400, 300)[:-40], Fault.DAMAGED),
        (handed_in.picture(form="JPEG")[:200], Fault.DAMAGED),
        (b"PK\x03\x04" + bytes(100), Fault.DAMAGED),
        (handed_in.locked("secret"), Fault.PASSWORD),
        (handed_in.opening("/JavaScript", JS="app.alert(1)"), Fault.PROGRAM),
        (handed_in.opening("/Launch", F="cmd.exe"), Fault.PROGRAM),
        (handed_in.archive(OFD__xml=b"<ofd/>", setup__exe=handed_in.PROGRAM), Fault.PROGRAM),
        (handed_in.carrying(handed_in.PROGRAM), Fault.CARRIES_FILE),
        (handed_in.carrying(handed_in.archive(a=b"b")), Fault.CARRIES_FILE),
        # What an action or an attachment is may stand in an object of its own.
        (hostile.pdf(CATALOGUE, PAGES, PAGE, b"<</S 5 0 R/F(cmd.exe)>>", b"/Launch"), Fault.PROGRAM),
        (
            hostile.pdf(
                CATALOGUE, PAGES, PAGE, b"<</EF 5 0 R>>", b"<</F 6 0 R>>", b"<</Length 2>>stream\nMZ\nendstream"
            ),
            Fault.CARRIES_FILE,
        ),
        (handed_in.torn(), Fault.DAMAGED),
        (handed_in.picture(9000, 9000), Fault.TOO_LARGE_PICTURE),
    ],
)
def test_what_is_not_kept(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unfit) as refused:
        read(content)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("module", "limit", "content"),
    [
        (pdf, "MOST_PAGES", handed_in.pdf(3)),
        (pdf, "MOST_OBJECTS", handed_in.pdf(3)),
        (ofd, "MOST_UNPACKED", handed_in.archive(OFD__xml=b"<ofd/>", a=bytes(10))),
        (ofd, "MOST_PARTS", handed_in.archive(OFD__xml=b"<ofd/>", a=b"", b=b"")),
        (image, "MOST_PIXELS", handed_in.picture(2, 2)),
    ],
    ids=["pages", "objects", "unpacked", "parts", "pixels"],
)
def test_there_is_a_limit_to_what_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, module: object, limit: str, content: bytes
) -> None:
    read(content)
    monkeypatch.setattr(module, limit, 2)
    with pytest.raises(Unfit):
        read(content)


def test_the_tree_of_pages_is_counted_and_not_believed() -> None:
    told = b"<</Type/Pages/Count 900/Kids[3 0 R 3 0 R 2 0 R]>>"
    content = hostile.pdf(b"<</Type/Catalog/Pages 2 0 R>>", told, b"<</Type/Page/Parent 2 0 R>>")
    assert read(content) == Contents("pdf", 1)


def test_it_is_read_in_a_process_of_its_own() -> None:
    assert examine(handed_in.pdf(2)) == Contents("pdf", 2)
    with pytest.raises(NotTaken, match="program is hidden"):
        examine(handed_in.opening("/Launch", F="cmd.exe"))


@pytest.mark.parametrize("limits", [Limits(cpu=1, wall=60), Limits(wall=0.01)], ids=["processor", "clock"])
def test_a_bomb_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
    monkeypatch.setattr(examination, "LIMITS", limits)
    with pytest.raises(NotTaken, match="too complicated"):
        examine(hostile.endless())


def test_while_too_many_are_examined_the_next_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "LIMITS", Limits(patience=0))
    with examination.SLOTS, examination.SLOTS, pytest.raises(NotTaken, match="try again"):
        examine(handed_in.pdf())


def test_every_fault_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Fault)


def test_the_process_knows_no_django() -> None:
    check = "import sys, staff.contents.isolated; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0
