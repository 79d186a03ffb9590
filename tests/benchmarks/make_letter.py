"""A letter made and signed in a warm process: drawn in the newest wording, sealed, and signed by a key of each kind.

Run: python -m tests.benchmarks.make_letter [RUNS]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import django
from asn1crypto import pem
from django.core.management import call_command

EXPECTED_MS, EXPECTED_BYTES = 80, 150_000


def main(runs: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    call_command("migrate", verbosity=0)  # the wording in use is looked up
    with tempfile.TemporaryDirectory() as folder:
        for name in ("RSA-3072 (demonstration)", "RSA-2048", "ECDSA P-256", "SM2"):
            use(name, Path(folder))
            measure(name, runs)
    print(f"best and median of {runs} (expected: at most {EXPECTED_MS} ms, {EXPECTED_BYTES:,} bytes)")


def use(name: str, folder: Path) -> None:
    """Makes a certificate of that kind the institution's."""
    from django.conf import settings

    from guarantees.letter import demonstration
    from tests.guarantees.letter.authorities import SIGNER, Authority, generate, private_pem
    from tests.guarantees.letter.test_signature import MADE_AT

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


def measure(name: str, runs: int) -> None:
    from guarantees.institution import make_letter
    from tests.guarantees.letter.letters import particulars
    from tests.guarantees.letter.test_signature import SIGNED_AT

    letter, times = particulars(demonstration="demonstration" in name), []
    size = len(make_letter(letter, signed_at=SIGNED_AT).content)
    for _run in range(runs):
        started = perf_counter()
        make_letter(letter, signed_at=SIGNED_AT)
        times.append((perf_counter() - started) * 1000)
    print(f"{name:<26} {min(times):5.1f} and {median(times):5.1f} ms, {size:,} bytes")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 30)
