"""SM2 keys as they are exchanged (decisions E6): base64, hex or PEM of raw, SEC1, PKCS#8 or SPKI keys."""

from __future__ import annotations

import base64
import binascii
import re

from asn1crypto import core, pem

from protocol.crypto import sm2
from protocol.crypto.curve import SIZE

SM2_CURVE = "1.2.156.10197.1.301"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"


class KeyFormatError(ValueError):
    """A text that is no SM2 key of the wanted kind; says what was wrong and never shows the key."""


class _SpkiAlgorithm(core.Sequence):  # type: ignore[misc]
    _fields = [("algorithm", core.ObjectIdentifier), ("curve", core.ObjectIdentifier)]


class _Spki(core.Sequence):  # type: ignore[misc]
    """SubjectPublicKeyInfo (RFC 5480), told apart from asn1crypto's own, which does not know SM2's curve."""

    _fields = [("algorithm", _SpkiAlgorithm), ("key", core.OctetBitString)]


def load_private(text: str) -> sm2.PrivateKey:
    """The private key in `text`; raw (32 bytes), SEC1 (RFC 5915) or PKCS#8."""
    encoded = _decode(text)
    if len(encoded) != SIZE:
        encoded = _raw_private(encoded)
    try:
        return sm2.PrivateKey(int.from_bytes(encoded, "big"))
    except ValueError as error:
        raise KeyFormatError(str(error)) from None


def load_public(text: str) -> sm2.PublicKey:
    """The public key in `text`; raw (64, 65 or 33 bytes) or SPKI."""
    encoded = _decode(text)
    if encoded[:1] == b"\x30" and len(encoded) not in (33, 64, 65):
        encoded = _raw_public(encoded)
    if len(encoded) == SIZE:
        raise KeyFormatError("This is a private key or half a public one (32 bytes); give the platform's public key.")
    try:
        return sm2.public_key(encoded)
    except ValueError as error:
        raise KeyFormatError(str(error)) from None


def public_text(key: sm2.PublicKey) -> str:
    """The key as it is shown for exchange: base64 of the 65-byte point."""
    return base64.b64encode(bytes(key)).decode()


def public_pem(key: sm2.PublicKey) -> str:
    """The key as a SubjectPublicKeyInfo in PEM."""
    spki = _Spki({"algorithm": {"algorithm": EC_PUBLIC_KEY, "curve": SM2_CURVE}, "key": bytes(key)})
    armoured: bytes = pem.armor("PUBLIC KEY", spki.dump())
    return armoured.decode()


def private_text(key: sm2.PrivateKey) -> str:
    """The key as it is stored (in an encrypted field): base64 of the 32 bytes."""
    return base64.b64encode(bytes(key)).decode()


def _decode(text: str) -> bytes:
    text = text.strip()
    if not text:
        raise KeyFormatError("The key is empty.")
    try:
        if "-----BEGIN" in text:
            kind, _headers, encoded = pem.unarmor(text.encode())
            if "ENCRYPTED" in kind:
                raise KeyFormatError("The PEM key is encrypted; give it without a passphrase.")
            return bytes(encoded)
        compact = re.sub(r"\s", "", text)
        if re.fullmatch(r"(?:0x)?(?:[0-9a-fA-F]{2})+", compact):
            return bytes.fromhex(compact.removeprefix("0x"))
        return base64.b64decode(compact.replace("-", "+").replace("_", "/") + "=" * (-len(compact) % 4), validate=True)
    except KeyFormatError:
        raise
    except (ValueError, binascii.Error):
        raise KeyFormatError("The key is neither base64 nor hex nor PEM.") from None


def _raw_private(encoded: bytes) -> bytes:
    try:
        if encoded[:1] == b"\x30":
            sequence = core.Sequence.load(encoded, strict=True)
            if isinstance(sequence[1], core.Sequence):  # PKCS#8: version, algorithm, octets that hold SEC1
                _check_curve(sequence[1])
                sequence = core.Sequence.load(sequence[2].native, strict=True)
            octets = sequence[1]
            if isinstance(octets, core.OctetString):
                return bytes(octets.native).rjust(SIZE, b"\0")
    except KeyFormatError:
        raise
    except (ValueError, TypeError, KeyError, IndexError):
        pass
    raise KeyFormatError(
        f"An SM2 private key has 32 bytes, raw or within SEC1 or PKCS#8; this has {len(encoded)} and is none of them."
    )


def _raw_public(encoded: bytes) -> bytes:
    try:
        spki = core.Sequence.load(encoded, strict=True)
        _check_curve(spki[0])
        bits = spki[1]
        if isinstance(bits, core.BitString):
            return bytes(bits.contents[1:])
    except KeyFormatError:
        raise
    except (ValueError, TypeError, KeyError, IndexError):
        pass
    raise KeyFormatError("The key looks like ASN.1 but is no SubjectPublicKeyInfo of an SM2 key.")


def _check_curve(algorithm: core.Sequence) -> None:
    named = [part.dotted if isinstance(part, core.ObjectIdentifier) else "" for part in (algorithm[0], algorithm[1])]
    if named != [EC_PUBLIC_KEY, SM2_CURVE]:
        raise KeyFormatError(f"The key is of another algorithm or curve ({' '.join(named)}), not SM2.")
