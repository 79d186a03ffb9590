"""A signing service as a CA or an e-seal provider runs one: the reference for CSC API 2.0, with RSA, ECDSA and SM2."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from protocol.crypto import sm2
from tests.guarantees.letter.signature.serving import Answered, Asked

TOKEN, PIN, CREDENTIAL = "the-token", "the-pin", "institution-seal-1"
HASHES = {"2.16.840.1.101.3.4.2.1": "sha256", "1.2.156.10197.1.401": "sm3"}
ALGORITHMS = {"1.2.840.113549.1.1.11": rsa, "1.2.840.10045.4.3.2": ec, "1.2.156.10197.1.501": sm2}


@dataclass
class SigningService:
    """Holds one key, and signs the digests that it is given."""

    key: Any
    wants_pin: bool = False
    asked: list[Asked] = field(default_factory=list)
    granted: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answered:
        self.asked.append(asked)
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refused(401, "invalid_token", "the access token is unknown")
        body = json.loads(asked.body)
        if body["credentialID"] != CREDENTIAL:
            return refused(400, "invalid_request", "Invalid parameter credentialID")
        (encoded,) = body["hashes"]
        if asked.path == "/csc/v2/credentials/authorize":
            if body["authData"] != [{"id": "PIN", "value": PIN}]:
                return refused(400, "invalid_pin", "The PIN is wrong")
            self.granted["activation"] = encoded
            return answered({"SAD": "activation", "expiresIn": 300})
        assert asked.path == "/csc/v2/signatures/signHash"
        if self.wants_pin and self.granted.pop(body.get("SAD", ""), None) != encoded:
            return refused(400, "invalid_request", "Invalid parameter SAD")
        return answered({"signatures": [base64.b64encode(self.sign(base64.b64decode(encoded), body)).decode()]})

    def sign(self, digest: bytes, body: dict[str, Any]) -> bytes:
        assert len(digest) == 32
        kind = ALGORITHMS[body["signAlgo"]]
        assert HASHES[body["hashAlgorithmOID"]] == ("sm3" if kind is sm2 else "sha256")
        if kind is sm2:
            return sm2.sign_digest(self.key, digest)  # r ‖ s, as such services do
        prehashed = Prehashed(hashes.SHA256())
        if kind is ec:
            return self.key.sign(digest, ec.ECDSA(prehashed))
        return self.key.sign(digest, padding.PKCS1v15(), prehashed)


def answered(content: dict[str, Any]) -> Answered:
    return 200, "application/json", json.dumps(content).encode()


def refused(status: int, error: str, description: str) -> Answered:
    return status, "application/json", json.dumps({"error": error, "error_description": description}).encode()
