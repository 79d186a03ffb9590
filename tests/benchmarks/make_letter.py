"""A letter made and signed in a warm process: drawn in the newest wording, sealed, and signed by a key of each kind,
beside its words on one bare page that reportlab alone sets and pyHanko alone signs; then with a timestamp and
revocation data beside the signature, of an authority in a process of its own.

Run: python -m tests.benchmarks.make_letter [RUNS]

All of it is this process's own work, so its processor time counts, and the works take turns: a busy machine, or a slow
one, is so for both.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import django
from asn1crypto import pem
from django.core.management import call_command

from tests.benchmarks.exchange_file import summary, timed
from tests.benchmarks.expectations import Expectations

EXPECTED_TIMES, EXPECTED_BYTES, EXPECTED_BESIDE = 2, 150_000, 1.8


def main(runs: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    call_command("migrate", verbosity=0)  # the wording in use is looked up
    from tests.guarantees.letter.signature.test_signature import SIGNED_AT

    expected = Expectations()
    with tempfile.TemporaryDirectory() as folder:
        print(f"best and median of {runs} in ms of processor time, and times the bare page's best")
        print(f"(expected: at most {EXPECTED_TIMES} times, {EXPECTED_BYTES:,} bytes)")
        for name in ("RSA-3072 (demonstration)", "RSA-2048", "ECDSA P-256", "SM2"):
            use(name, Path(folder))
            times, size = measure(name, runs, SIGNED_AT)
            expected.at_most(f"{name} beside a bare page", times, EXPECTED_TIMES)
            expected.at_most(f"{name}, in bytes", size, EXPECTED_BYTES)
        times = with_evidence(runs, Path(folder), SIGNED_AT)
    expected.at_most("a timestamp and a CRL beside none", times, EXPECTED_BESIDE)
    expected.judge()


def use(name: str, folder: Path) -> None:
    """Makes a certificate of that kind the institution's."""
    from django.conf import settings

    from guarantees.letter.signature import demonstration
    from tests.guarantees.letter.signature.authorities import SIGNER, Authority, generate, private_pem
    from tests.guarantees.letter.signature.test_signature import MADE_AT

    certificate, key, anchor = (folder / f"{name}.{end}" for end in ("certificate", "key", "anchor"))
    settings.SIGNING_CERTIFICATE, settings.TRUST_ANCHORS = str(certificate), [str(anchor)]
    if "demonstration" in name:
        content, authority = demonstration.credentials(SIGNER, MADE_AT)
        settings.SIGNING_KEY = ""
    else:
        kind = name.partition("-")[0].split()[0]
        its_key, issuer = generate(kind), Authority(kind)
        content, authority = pem.armor("CERTIFICATE", issuer.certify(its_key).dump()), issuer.anchor
        key.write_bytes(private_pem(its_key))
        settings.SIGNING_KEY = str(key)
    certificate.write_bytes(content)
    anchor.write_bytes(authority)


def measure(name: str, runs: int, at: datetime) -> tuple[float, int]:
    """Prints a line; returns how many times a bare page's work the letter is, and its size in bytes."""
    from guarantees.issuing import signing
    from tests.guarantees.letter.signature.letters import particulars

    letter = particulars(demonstration="demonstration" in name)
    content = make(letter, at)()
    bare, made = timed(runs, bare_page(content, signing.credentials().signer()), make(letter, at))
    times = min(made) / min(bare)
    print(f"{name:<26} {summary(made)}; bare {summary(bare)}; {times:.2f} times; {len(content):,} bytes")
    return times, len(content)


def make(letter: object, at: datetime) -> Callable[[], bytes]:
    from guarantees.issuing.institution import make_letter

    return lambda: make_letter(letter, signed_at=at).content


def bare_page(letter: bytes, signer: object) -> Callable[[], object]:
    """What cannot be saved: the letter's words in its regular font, and a signature."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.functions import sign_pdf
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from tests.guarantees.letter.conftest import ROOT
    from tests.pdf import text_of

    words = text_of(letter)
    pdfmetrics.registerFont(TTFont("bare", ROOT / "static" / "fonts" / "NotoSerifSC-Regular.ttf"))

    def work() -> object:
        canvas = Canvas(output := BytesIO())
        canvas.setFont("bare", 10)
        for line, start in enumerate(range(0, len(words), 40)):
            canvas.drawString(50, 800 - 9 * line, words[start : start + 40])
        canvas.save()
        return sign_pdf(IncrementalPdfFileWriter(output), PdfSignatureMetadata(field_name="Signature"), signer)

    return work


def with_evidence(runs: int, folder: Path, at: datetime) -> float:
    """The same key with and without, and how many times its work that is; the authority's own is not counted."""
    from django.conf import settings

    here, there = get_context("spawn").Pipe()
    authority = get_context("spawn").Process(target=be_authority, args=(there, at), daemon=True)
    authority.start()
    address, certificate, key, anchor = here.recv()
    settings.SIGNING_CERTIFICATE, settings.SIGNING_KEY = str(folder / "certificate.pem"), str(folder / "key.pem")
    settings.TRUST_ANCHORS = [str(folder / "anchor.pem")]
    for name, content in (("certificate", certificate), ("key", key), ("anchor", anchor)):
        (folder / f"{name}.pem").write_bytes(content)
    from tests.guarantees.letter.signature.letters import particulars

    def set_to(embed: bool, stamps: str) -> Callable[[], object]:
        def work() -> object:
            settings.EMBED_REVOCATION, settings.TIMESTAMP_SERVICE = embed, stamps
            return make(particulars(), at)()

        return work

    alone, both = set_to(False, ""), set_to(True, f"{address}/stamp")
    for work in (alone, both):
        work()
    without, beside = timed(runs, alone, both)
    here.send("end")
    authority.join()
    times = median(beside) / median(without)
    print(f"ECDSA alone {summary(without)}; with a timestamp and a CRL {summary(beside)}, {times:.2f} times that")
    print(f"(expected: at most {EXPECTED_BESIDE})")
    return times


def be_authority(there: Connection, now: datetime) -> None:
    """Its services answer until something comes over the pipe."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.guarantees.letter.signature.authorities import private_pem
    from tests.guarantees.letter.signature.online_authority import authority

    with authority(now) as made:
        by = made.credentials(names="crl")
        certificate = pem.armor("CERTIFICATE", by.certificate.dump())
        there.send((made.address, certificate, private_pem(by.key), made.anchor))
        there.recv()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 30)
