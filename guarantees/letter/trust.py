"""Whether the certification authorities that we trust vouch for a certificate, before anything is signed with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from guarantees.letter.certificates import SignatureValidator, read_certificates, valid_at
from guarantees.letter.verification import quiet


def is_trusted(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], anchors: Sequence[bytes], at: datetime
) -> bool:
    """Whether the certificate leads, over `chain`, to one of the anchors (PEM), with all of them valid at that time.

    Raises ValueError for an anchor that is no PEM certificate.
    """
    roots = [root for anchor in anchors for root in read_certificates(anchor)]
    context = ValidationContext(
        trust_roots=valid_at(roots, at),
        other_certs=list(chain),
        moment=at,
        allow_fetching=False,
        signature_validator=SignatureValidator(),
    )
    try:
        with quiet():
            asyncio.run(CertificateValidator(certificate, validation_context=context).async_validate_path())
    except (PathError, ValidationError):
        return False
    return True
