"""PREP103 and PREP104 of a letter of 1 MB through the gateway, beside OpenSSL's SM4 and base64 of the same bytes.

Run: python -m tests.benchmarks.exchange_file [RUNS]

An institution of the benchmark's own (SQLite, demonstration certificate) issues a letter by the usual way; then an
attachment makes 1 MB of it, and it is signed and stored again. Requests are sealed before the clock runs.
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
from time import perf_counter

import django
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from staff import clock
from tests.benchmarks.expectations import Expectations

SIZE = 1_000_000
EXPECTED_TIMES, EXPECTED_MS = 3, 60
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
    print(f"a letter of {len(letter):,} bytes, {runs} runs of each, best and median, in ms:")
    print(f"SM4 and base64 by OpenSSL and Python      {summary(bare)}")
    times = f"{min(fetching) / min(bare):.1f} and {median(fetching) / median(bare):.1f} times that"
    print(f"PREP103 {summary(fetching)}, {times} (expected: at most {EXPECTED_TIMES})")
    print(f"PREP104 {summary(verifying)} (expected: at most {EXPECTED_MS})")
    expected = Expectations()
    expected.at_most("PREP103 beside OpenSSL", min(fetching) / min(bare), EXPECTED_TIMES)
    expected.at_most("PREP104 in ms", min(verifying), EXPECTED_MS)
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
    """Milliseconds of each run; the works take turns, so that a busy machine is busy for all of them."""
    taken: list[list[float]] = [[] for _work in works]
    for _run in range(runs):
        for work, times in zip(works, taken, strict=True):
            started = perf_counter()
            work()
            times.append((perf_counter() - started) * 1000)
    return taken


def summary(times: list[float]) -> str:
    return f"{min(times):.1f} and {median(times):.1f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 50)
