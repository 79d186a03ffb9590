"""A signing key at a CA's or e-seal provider's service, which is given a digest and returns the signature.

The interface is the Cloud Signature Consortium's (CSC API 2.0: signatures/signHash, and credentials/authorize where
the key has a PIN); SM2 under its own object identifiers (GM/T 0006), the digest being SM3(Z ‖ message).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from asn1crypto import x509
from asn1crypto.algos import DSASignature
from cryptography.hazmat.primitives import hashes
from django.utils.translation import gettext as _

from guarantees.letter.signature.certificates import is_sm2, sm2_key
from guarantees.letter.signature.credentials import CannotSign, PinRefused
from guarantees.letter.signature.posting import NoAnswer, Post
from protocol.crypto import sm2

SHA256, SM3 = "2.16.840.1.101.3.4.2.1", "1.2.156.10197.1.401"
RSA_WITH_SHA256, ECDSA_WITH_SHA256, SM2_WITH_SM3 = (
    "1.2.840.113549.1.1.11",
    "1.2.840.10045.4.3.2",
    "1.2.156.10197.1.501",
)
AUTHORIZE = "credentials/authorize"
PASSING = (401, 408, 429)  # the token is refused, or the moment, and not what is asked


@dataclass(frozen=True)
class ServiceKey:
    """One credential of one service; `post` posts below the interface's root, such as https://sign.example.com/csc/v2."""

    post: Post = field(repr=False)
    credential: str
    token: str = field(default="", repr=False)  # of the HTTP header Authorization: Bearer
    pin: str = field(default="", repr=False)
    seconds: float = 20  # for all of it

    async def sign(self, message: bytes, certificate: x509.Certificate) -> bytes:
        """Raises CannotSign where the service is away, slow, refuses, or answers what is no signature."""
        end = monotonic() + self.seconds
        hashed = _digest(message, certificate)
        asked: dict[str, Any] = {
            "credentialID": self.credential,
            "hashes": [base64.b64encode(hashed).decode()],
            "hashAlgorithmOID": SM3 if is_sm2(certificate.public_key) else SHA256,
        }
        if self.pin:
            authorised = self._ask(
                AUTHORIZE,
                {**asked, "numSignatures": 1, "authData": [{"id": "PIN", "value": self.pin}]},
                end,
            )
            asked["SAD"] = authorised.get("SAD")
        answer = self._ask("signatures/signHash", {**asked, "signAlgo": _algorithm(certificate)}, end)
        return _signature(answer, certificate)

    def _ask(self, method: str, body: Mapping[str, Any], end: float) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            reply = self.post(method, json.dumps(body).encode(), within=end - monotonic(), headers=headers)
        except NoAnswer as error:
            raise CannotSign(
                _("The signing service does not answer (%(error)s): check SIGNING_KEY, and try again.")
                % {"error": error}
            ) from error
        try:
            answer = json.loads(reply.body)
        except ValueError:
            answer = None
        if reply.status != 200 or not isinstance(answer, dict):
            wrong_pin = method == AUTHORIZE and 400 <= reply.status < 500 and reply.status not in PASSING
            raise (PinRefused if wrong_pin else CannotSign)(
                _(
                    "The signing service refuses %(method)s (HTTP %(status)s%(answer)s): check SIGNING_CREDENTIAL, "
                    "SIGNING_TOKEN and SIGNING_PASSPHRASE, or ask the provider."
                )
                % {"method": method, "status": reply.status, "answer": _error_text(answer)}
            )
        return answer


def _digest(message: bytes, certificate: x509.Certificate) -> bytes:
    if is_sm2(certificate.public_key):
        return sm2.message_digest(sm2_key(certificate.public_key), message)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(message)
    return digest.finalize()


def _algorithm(certificate: x509.Certificate) -> str:
    if is_sm2(certificate.public_key):
        return SM2_WITH_SM3
    return RSA_WITH_SHA256 if certificate.public_key.algorithm == "rsa" else ECDSA_WITH_SHA256


def _signature(answer: Mapping[str, Any], certificate: x509.Certificate) -> bytes:
    """As CMS has it: of the curves' signatures, r ‖ s is taken as well as DER."""
    try:
        (encoded,) = answer["signatures"]
        signature = base64.b64decode(encoded, validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise CannotSign(
            _("The signing service's answer holds no signature: ask the provider whether it speaks CSC API 2.0.")
        ) from error
    public = certificate.public_key
    if public.algorithm == "ec" and len(signature) == 2 * ((public.bit_size + 7) // 8):
        return bytes(DSASignature.from_p1363(signature).dump())
    return signature


def _error_text(answer: object) -> str:
    """What an error of the interface says, printable and short."""
    if not isinstance(answer, dict):
        return ""
    text = f"{answer.get('error', '')} {answer.get('error_description', '')}".strip()
    return f", {text}"[:200] if text and text.isprintable() else ""
