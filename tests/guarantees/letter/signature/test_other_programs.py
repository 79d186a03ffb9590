"""Programs that are not ours: they find our letters sound, their text as it was composed, their signatures valid."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from guarantees.letter.signature import pades
from guarantees.letter.typesetting.pages import numeral
from guarantees.letter.wording.lines import Mark
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import Block, letter_kind, newest
from staff import clock
from staff.trade_words import InstitutionKind
from tests.guarantees.letter.conftest import WORDINGS
from tests.guarantees.letter.signature.letters import drawn, issued, particulars
from tests.guarantees.letter.signature.test_signature import KINDS, SIGNED_AT, credentials

JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("bcprov", "bcpkix", "bcutil")]
VERIFY = Path(__file__).with_name("Verify.java")


def needs(*programs: str, package: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} of {package} is not installed")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    return tmp_path / "letter.pdf"


# --- The file and its text --------------------------------------------------------------------------------------------


@needs("qpdf", package="qpdf")
@pytest.mark.parametrize("institution", InstitutionKind)
@pytest.mark.parametrize("key", KINDS)
def test_qpdf_finds_nothing_to_complain_of(stored: Path, institution: InstitutionKind, key: str) -> None:
    stored.write_bytes(issued(key, institution))
    checked = run("qpdf", "--check", stored)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No syntax or stream encoding errors found" in checked.stdout
    assert "WARNING" not in checked.stdout + checked.stderr


@needs("mutool", package="mupdf-tools")
@pytest.mark.parametrize("institution", InstitutionKind)
@pytest.mark.parametrize("key", KINDS)
def test_mutool_finds_nothing_to_complain_of(stored: Path, institution: InstitutionKind, key: str) -> None:
    """It repairs what is broken, and says so; so does whatever it draws or writes anew."""
    stored.write_bytes(issued(key, institution))
    for command in (["info"], ["draw", "-F", "trace", "-o", stored.with_suffix(".xml")], ["clean", "-s"]):
        files = [stored, stored.with_suffix(".clean.pdf")] if command[0] == "clean" else [stored]
        ended = run("mutool", *command, *files)
        assert ended.returncode == 0, ended.stderr
        assert not re.search(r"error|warning: (?!ICC)|repair|broken", ended.stderr), ended.stderr


@needs("mutool", package="mupdf-tools")
def test_mutool_complains_of_what_is_broken(stored: Path) -> None:
    """The test above could fail."""
    stored.write_bytes(issued("RSA").replace(b"startxref\n1", b"startxref\n2"))
    assert re.search(r"error|warning|repair", run("mutool", "info", stored).stderr)


@needs("pdftotext", package="poppler-utils")
@pytest.mark.parametrize("institution", InstitutionKind)
def test_the_text_is_what_was_composed_and_nothing_else(stored: Path, institution: InstitutionKind) -> None:
    stored.write_bytes(issued("RSA", institution))
    *pages, end = run("pdftotext", stored, "-").stdout.split("\f")
    assert end == ""
    printed = ""
    for number, page in enumerate(pages, start=1):
        *lines, foot = page.strip().splitlines()
        assert re.search(rf"GD202600000001 .*第 {number} 页 *共 {len(pages)} 页$", foot)
        printed += "".join(lines)
    printed = "".join(printed.split())
    body, foot = composed(particulars(institution))
    assert printed.startswith(body)
    rest = printed.removeprefix(body).replace("：", "")
    for part in foot:  # each once; where in the foot it stands is the seal's affair
        assert part in rest
        rest = rest.replace(part, "", 1)
    assert rest == ""


def composed(letter: Particulars) -> tuple[str, list[str]]:
    """The wording's blocks in their order, with what the pages add to them: the head, the ordinals. Then the foot's
    labels and values, and how to verify; all without blanks."""
    blocks = newest(WORDINGS, letter_kind(letter.institution_kind)).compose(letter.placeholders())
    titles = [block for block in blocks if block.mark in (Mark.TITLE, Mark.SUBTITLE)]
    foot = [block for block in blocks if block.mark is Mark.FOOTER]
    head = f"保函编号：{letter.number}验证码：{letter.verification_code}签发日期：{letter.placeholders()['issued_on']}"
    body = [*map(text_of, titles), head, *(text_of(block) for block in blocks if block not in (*titles, *foot))]
    ends = ["".join(run.text for run in runs) for block in foot for runs in (block.label, block.runs)]
    ends.append(f"扫描二维码，或者打开下列网址，查验本保函的真实性和现时状态{letter.verification_url}")
    return "".join("".join(body).split()), ["".join(part.split()).replace("：", "") for part in ends]


def text_of(block: Block) -> str:
    ordinal = {Mark.CLAUSE: "{}、", Mark.ITEM: "（{}）"}.get(block.mark, "").format(numeral(block.ordinal))
    return ordinal + "".join(run.text for run in (*block.label, *block.runs))


# --- The signature ----------------------------------------------------------------------------------------------------


@needs("pdfsig", package="poppler-utils")
@needs("certutil", package="libnss3-tools")
@pytest.mark.parametrize("key", ["RSA", "ECDSA"])
def test_poppler_finds_the_signature_valid_and_the_certificate_trusted(stored: Path, key: str) -> None:
    """The certificates are made now: poppler judges them as of now, whatever the signature says."""
    now = clock.now().replace(microsecond=0) - timedelta(hours=1)
    by, anchor = credentials(key, now)
    pages = drawn()
    box = (pages.seal.page, pages.seal.x1, pages.seal.y1, pages.seal.x2, pages.seal.y2)
    stored.write_bytes(pades.sign(pages.content, by, signed_at=now, reason="出具", location="中国", box=box))
    (stored.parent / "anchor.pem").write_bytes(anchor)
    nss = f"sql:{stored.parent}"
    assert run("certutil", "-N", "-d", nss, "--empty-password").returncode == 0
    output = run("pdfsig", "-nssdir", nss, stored).stdout
    assert "Signature is Valid." in output
    assert "Certificate is Trusted." not in output
    add = ["certutil", "-A", "-d", nss, "-n", "anchor", "-t", "C,C,C", "-i", stored.parent / "anchor.pem"]
    assert run(*add).returncode == 0
    output = run("pdfsig", "-nssdir", nss, stored).stdout
    assert "Total document signed" in output
    assert "Signature is Valid." in output
    assert "Certificate is Trusted." in output
    assert "ETSI.CAdES.detached" in output


Found = dict[str, str]


@pytest.fixture(scope="module")
def bouncy_castle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """What Bouncy Castle says of each check on each of these files: asked once, for Java takes seconds to start.

    Skips where Java or Bouncy Castle is missing.
    """
    if missing := [str(path) for path in JARS if not path.exists()]:
        pytest.skip(f"{', '.join(missing)} of libbcpkix-java is not installed")
    if not shutil.which("java"):
        pytest.skip("java of default-jre-headless is not installed")
    changed = bytearray(issued("SM2"))
    changed[changed.index(b"stream") + 20] ^= 1
    cases = {
        **{key: (issued(key), credentials(key)[1]) for key in KINDS},
        "changed": (bytes(changed), credentials("SM2")[1]),
        "foreign anchor": (issued("SM2"), credentials("RSA")[1]),
    }
    folder = tmp_path_factory.mktemp("letters")
    files = []
    for number, case in enumerate(cases.values()):
        for content, suffix in zip(case, ("pdf", "pem"), strict=True):
            files.append(folder / f"{number}.{suffix}")
            files[-1].write_bytes(content)
    at = SIGNED_AT.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    quickly = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
    done = run("java", *quickly, "-cp", ":".join(map(str, JARS)), VERIFY, at, *files)
    assert done.returncode == 0, done.stderr
    answers = done.stdout.strip().split("\n\n")
    pairs = zip(cases, answers, strict=True)
    return {name: dict(line.split(": ", 1) for line in answer.splitlines()) for name, answer in pairs}


CHECKS = ("whole file", "signature", "named certificate", "chain")


@pytest.mark.parametrize("key", KINDS)
def test_bouncy_castle_verifies_signature_and_chain(bouncy_castle: dict[str, Found], key: str) -> None:
    found = bouncy_castle[key]
    assert {name: found[name] for name in CHECKS} == dict.fromkeys(CHECKS, "good")
    if key == "SM2":
        assert (found["digest"], found["algorithm"]) == ("1.2.156.10197.1.401", "1.2.156.10197.1.501")


def test_bouncy_castle_refuses_a_changed_sm2_letter(bouncy_castle: dict[str, Found]) -> None:
    found = bouncy_castle["changed"]
    assert found["signature"].startswith("bad")
    assert found["chain"] == "good"


def test_bouncy_castle_refuses_a_foreign_anchor(bouncy_castle: dict[str, Found]) -> None:
    found = bouncy_castle["foreign anchor"]
    assert found["signature"] == "good"
    assert found["chain"].startswith("bad")
