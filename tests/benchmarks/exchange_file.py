"""PREP103 and PREP104 of a letter of 1 MB through the gateway, beside OpenSSL's SM4 and base64 of the same bytes.

Run: python -m tests.benchmarks.exchange_file [RUNS]

An institution of the benchmark's own (SQLite, demonstration certificate) issues a letter by the usual way; then an
attachment makes 1 MB of it, and it is signed and stored again. Requests are sealed before the clock runs. All of it is
this process's own work, so its processor time counts, which a busy machine lengthens little, and OpenSSL's alike.

PREP104 beside the same: base64 is read twice, strictly, and SM4 once (1.3 times that), the body digested and spooled
(0.2), the signature validated (1.3, whatever the file's size), all handled by Django from the envelope to the journal,
with digests and copies (1.8): 4.6 as measured. Looking through all objects of the process would be 7 more.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from time import process_time

import django
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from staff import clock
from tests.benchmarks.expectations import Expectations

SIZE = 1_000_000
EXPECTED_FETCHING, EXPECTED_VERIFYING = 3, 6
INSTITUTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "benchmark-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "KEY_ENCRYPTION_KEY": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
    "INSTITUTION_NAME": "青城融资担保有限公司",
    "INSTITUTION_CODE": "91150100MA0N2T4X50",
    "INSTITUTION_ADDRESS": "呼和浩特市新城区1号",
    "INSTITUTION_TELEPHONE": "0471-0000000",
    "GATEWAY_DIGITAL_PER_MINUTE": "1000000",
    "LOG_LEVEL": "ERROR",
}


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settle(Path(folder))
        measure(runs)


def settle(folder: Path) -> None:
    """An institution with an empty database and a certificate."""
    places = {"SIGNING_CERTIFICATE": folder / "signing.p12", "TRUST_ANCHORS": folder / "authority.pem"}
    os.environ.update(INSTITUTION | {name: str(path) for name, path in places.items()} | {"DATA_DIR": str(folder)})
    for unwanted in ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT"):
        os.environ.pop(unwanted, None)
    django.setup()
    from django.core.management import call_command

    from guarantees.letter.signature import demonstration

    content, authority = demonstration.credentials(INSTITUTION["INSTITUTION_NAME"], clock.now())
    places["SIGNING_CERTIFICATE"].write_bytes(content)
    places["TRUST_ANCHORS"].write_bytes(authority)
    call_command("migrate", verbosity=0)


def measure(runs: int) -> None:
    from tests.institution import issued
    from tests.platform import APPLICATION, Platform

    platform = Platform()
    guarantee = issued(platform)
    letter = swollen(guarantee)
    encoded = base64.b64encode(letter).decode()
    fetch = platform.seal("PREP103", {"applicationId": APPLICATION["applicationId"]})
    verify = platform.seal("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": encoded})
    fetched, verified = platform.post(fetch), platform.post(verify)
    assert fetched.fields["guaranteeFileContext"] == encoded
    assert verified.fields["status"] == "01", verified

    def post(body: bytes) -> Callable[[], object]:
        return lambda: platform.client.post("/gateway/", body, content_type="application/json")

    bare, fetching, verifying = timed(runs, openssl(letter), post(fetch), post(verify))
    print(f"a letter of {len(letter):,} bytes, {runs} runs of each, best and median, in ms of processor time:")
    print(f"SM4 and base64 by OpenSSL and Python      {summary(bare)}")
    expected = Expectations()
    for name, spent, most in (("PREP103", fetching, EXPECTED_FETCHING), ("PREP104", verifying, EXPECTED_VERIFYING)):
        times, usual = min(spent) / min(bare), median(spent) / median(bare)
        print(f"{name} {summary(spent)}, {times:.1f} and {usual:.1f} times that (expected: at most {most})")
        expected.at_most(f"{name} beside OpenSSL", times, most)
    expected.judge()


def swollen(guarantee: object) -> bytes:
    """The guarantee's letter, issued anew with an attachment that makes 1 MB of it."""
    from django.core.files.base import ContentFile
    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    from guarantees.issuing import institution, signing
    from guarantees.letter.signature import pades
    from guarantees.letter.wording.particulars import Particulars

    drawn = institution.draw(Particulars.from_mapping(guarantee.particulars), institution.letter_wording())
    writer = IncrementalPdfFileWriter(BytesIO(drawn.content))
    attachment = StreamObject(stream_data=secrets.token_bytes(SIZE - len(guarantee.file.read())))
    writer.root["/Attachment"] = writer.add_object(attachment)
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    how = {"signed_at": clock.now(), "reason": "出具预付款保函", "location": "中国"}
    content = pades.sign(output.getvalue(), signing.credentials(), **how, box=tuple(drawn.seal))
    guarantee.file.save("swollen.pdf", ContentFile(content), save=False)
    guarantee.file_digest = hashlib.sha256(content).hexdigest()
    guarantee.save()
    return content


def openssl(letter: bytes) -> Callable[[], object]:
    """What cannot be saved: the letter in base64, that encrypted, and the ciphertext in base64."""

    def work() -> bytes:
        encryptor = Cipher(algorithms.SM4(bytes(16)), modes.ECB()).encryptor()  # noqa: S305 (the digital envelope's)
        encoded = base64.b64encode(letter)
        padded = encoded + bytes([16 - len(encoded) % 16]) * (16 - len(encoded) % 16)
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize())

    return work


def timed(runs: int, *works: Callable[[], object]) -> list[list[float]]:
    """Milliseconds of processor time of each run; the works take turns, so that a busy machine is busy for all."""
    taken: list[list[float]] = [[] for _work in works]
    for _run in range(runs):
        for work, times in zip(works, taken, strict=True):
            started = process_time()
            work()
            times.append((process_time() - started) * 1000)
    return taken


def summary(times: list[float]) -> str:
    return f"{min(times):.1f} and {median(times):.1f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50)
