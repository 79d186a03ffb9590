"""Opening an encrypted PKCS#8 key: PBES2 (RFC 8018) with PBKDF2 and AES or SM4."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7

from protocol.crypto import der
from protocol.crypto.der import Part

PBES2 = "1.2.840.113549.1.5.13"
PBKDF2 = "1.2.840.113549.1.5.12"
HMAC_SHA1 = "1.2.840.113549.2.7"
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    HMAC_SHA1: hashes.SHA1,
    "1.2.840.113549.2.8": hashes.SHA224,
    "1.2.840.113549.2.9": hashes.SHA256,
    "1.2.840.113549.2.10": hashes.SHA384,
    "1.2.840.113549.2.11": hashes.SHA512,
    "1.2.156.10197.1.401.2": hashes.SM3,
}
#: In CBC: the algorithm and its key's length in bytes.
CIPHERS: dict[str, tuple[type[algorithms.AES] | type[algorithms.SM4], int]] = {
    "2.16.840.1.101.3.4.1.2": (algorithms.AES, 16),
    "2.16.840.1.101.3.4.1.22": (algorithms.AES, 24),
    "2.16.840.1.101.3.4.1.42": (algorithms.AES, 32),
    "1.2.156.10197.1.104.2": (algorithms.SM4, 16),
}
#: What a person waits for at most: ten times what anybody writes today.
MOST_ITERATIONS = 10_000_000


class UnknownScheme(ValueError):
    """Encrypted otherwise; its text is the object identifier of what is not known."""


def decrypt(encoded: bytes, passphrase: str) -> bytes:
    """The PKCS#8 in an EncryptedPrivateKeyInfo. Raises UnknownScheme, and ValueError for a wrong passphrase."""
    scheme, text = der.whole(encoded).parts
    name, parameters = scheme.parts
    if name.identifier != PBES2:
        raise UnknownScheme(name.identifier)
    (derivation, derived_with), (cipher, iv) = (part.parts for part in parameters.parts)
    if derivation.identifier != PBKDF2 or cipher.identifier not in CIPHERS:
        raise UnknownScheme(cipher.identifier if derivation.identifier == PBKDF2 else derivation.identifier)
    algorithm, size = CIPHERS[cipher.identifier]
    key = _derived(derived_with, passphrase, size)
    decryptor = Cipher(algorithm(key), modes.CBC(iv.contents)).decryptor()
    unpadder = PKCS7(algorithm.block_size).unpadder()
    return unpadder.update(decryptor.update(text.contents) + decryptor.finalize()) + unpadder.finalize()


def _derived(parameters: Part, passphrase: str, size: int) -> bytes:
    salt, iterations, *others = parameters.parts
    digest = next((part.parts[0].identifier for part in others if part.letter == "S"), HMAC_SHA1)
    if digest not in DIGESTS or not 0 < iterations.number <= MOST_ITERATIONS:
        raise UnknownScheme(digest)
    return PBKDF2HMAC(DIGESTS[digest](), size, salt.contents, iterations.number).derive(passphrase.encode())
