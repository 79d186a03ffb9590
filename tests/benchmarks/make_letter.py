"""A letter made and signed in a warm process: drawn in the newest wording, sealed, and signed by a key of each kind;
then with a timestamp and revocation data beside the signature, of an authority in a process of its own.

Run: python -m tests.benchmarks.make_letter [RUNS]
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import django
from asn1crypto import pem
from django.core.management import call_command

from tests.benchmarks.expectations import Expectations

EXPECTED_MS, EXPECTED_BYTES, EXPECTED_TIMES = 80, 150_000, 1.5


def main(runs: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    call_command("migrate", verbosity=0)  # the wording in use is looked up
    from tests.guarantees.letter.signature.test_signature import SIGNED_AT

    expected = Expectations()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("RSA-3072 (demonstration)", "RSA-2048", "ECDSA P-256", "SM2"):
            use(name, Path(folder))
            best, _work, size = measure(name, runs, SIGNED_AT)
            expected.at_most(f"{name}, in ms", best, EXPECTED_MS)
            expected.at_most(f"{name}, in bytes", size, EXPECTED_BYTES)
        print(f"best and median of {runs} (expected: at most {EXPECTED_MS} ms, {EXPECTED_BYTES:,} bytes)")
        times = with_evidence(runs, Path(folder), SIGNED_AT)
    expected.at_most("a timestamp and a CRL beside none", times, EXPECTED_TIMES)
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


def measure(name: str, runs: int, at: datetime) -> tuple[float, float, int]:
    """Prints a line; returns the best time and the median of the processor time in ms, and the size in bytes."""
    from guarantees.issuing.institution import make_letter
    from tests.guarantees.letter.signature.letters import particulars

    letter, times, spent = particulars(demonstration="demonstration" in name), [], []
    size = len(make_letter(letter, signed_at=at).content)
    for _run in range(runs):
        started, work = perf_counter(), process_time()
        make_letter(letter, signed_at=at)
        spent.append((process_time() - work) * 1000)
        times.append((perf_counter() - started) * 1000)
    print(f"{name:<32} {min(times):5.1f} and {median(times):5.1f} ms, {size:,} bytes")
    return min(times), median(spent), size


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
    settings.EMBED_REVOCATION = False
    _best, without, _size = measure("ECDSA, nothing beside", runs, at)
    settings.EMBED_REVOCATION, settings.TIMESTAMP_SERVICE = True, f"{address}/stamp"
    _best, beside, _size = measure("ECDSA, timestamp and CRL", runs, at)
    here.send("end")
    authority.join()
    print(
        f"processor time: {without:.1f} ms without, {beside:.1f} ms with: {beside / without:.2f} times "
        f"(expected: at most {EXPECTED_TIMES})"
    )
    return beside / without


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
