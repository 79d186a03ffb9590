"""SM2 keys as others write them (decisions E6): text or a file's bytes in, a key or a sentence out.

What surrounds a key is passed over: a byte order mark, quotes, lost line ends, a PEM's other blocks. What is none is
told by its name, with what would be right. How the standards nest a key's bytes is in `containers`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import NamedTuple

from asn1crypto import core, pem

from protocol.crypto import containers, sm2
from protocol.crypto.containers import EC_PUBLIC_KEY, SM2_CURVE, Container, KeyFormatError, gettext_noop
from protocol.crypto.curve import SIZE

__all__ = ["SM2_CURVE", "KeyFormatError", "load_private", "load_public", "private_text", "public_pem", "public_text"]

#: What people and programs put around a key.
AROUND = "\ufeff\"'`“”‘’ \t\r\n\0"
PEM = re.compile(r"-----\s*BEGIN ([A-Z0-9 ]+?)\s*-----(.*?)-----\s*END \1\s*-----", re.DOTALL)
#: A PEM's blocks that say nothing of the key itself.
BESIDE = ("PARAMETERS", "CRL", "DH ")
RAW_SIZES = (SIZE, SIZE + 1, 2 * SIZE, 2 * SIZE + 1)


class Block(NamedTuple):
    """One candidate: what a PEM calls it (empty outside of one), and its bytes."""

    label: str
    encoded: bytes


class _Spki(core.Sequence):  # type: ignore[misc]
    """SubjectPublicKeyInfo (RFC 5480), told apart from asn1crypto's own, which does not know SM2's curve."""

    class _Algorithm(core.Sequence):  # type: ignore[misc]
        _fields = [("algorithm", core.ObjectIdentifier), ("curve", core.ObjectIdentifier)]

    _fields = [("algorithm", _Algorithm), ("key", core.OctetBitString)]


def load_private(given: str | bytes, passphrase: Callable[[], str] | None = None) -> sm2.PrivateKey:
    """The private key in a text or in a file's bytes: raw (32 bytes, or 33 with a leading zero), SEC1 or PKCS#8.

    `passphrase` is asked where the PKCS#8 is encrypted. Raises KeyFormatError.
    """
    encoded = _chosen(_blocks(given), Container.SEC1, Container.PKCS8, Container.ENCRYPTED).encoded
    if containers.is_whole(encoded):
        number = containers.private_octets(encoded, passphrase)
    elif len(encoded) in (2 * SIZE, 2 * SIZE + 1):
        raise KeyFormatError(gettext_noop("This is a public key; the private key belongs here."))
    else:
        number = encoded.removeprefix(b"\0") if len(encoded) == SIZE + 1 else encoded
    if len(number) != SIZE:
        raise KeyFormatError(
            gettext_noop(
                "An SM2 private key has 32 bytes, raw or within SEC1 or PKCS#8; this has %(size)d and is none of them."
            ),
            size=len(number),
        )
    try:
        return sm2.PrivateKey(int.from_bytes(number, "big"))
    except ValueError:
        raise KeyFormatError(
            gettext_noop("An SM2 private key lies in 1 … n−2; this number does not: ask for another key.")
        ) from None


def load_public(given: str | bytes) -> sm2.PublicKey:
    """The public key in a text or in a file's bytes: raw (64, 65, compressed 33), SPKI, or a certificate's.

    Raises KeyFormatError.
    """
    encoded = _chosen(_blocks(given), Container.SPKI, Container.CERTIFICATE).encoded
    if containers.is_whole(encoded):
        encoded = containers.public_octets(encoded)
    if len(encoded) == SIZE or (len(encoded) == SIZE + 1 and encoded[0] == 0):
        raise KeyFormatError(
            gettext_noop("This is a private key or half a public one (32 bytes); give the platform's public key.")
        )
    if len(encoded) not in RAW_SIZES:
        raise KeyFormatError(
            gettext_noop(
                "An SM2 public key has 65 bytes beginning with 04, 64 without it, or 33 beginning with 02 or 03; "
                "this has %(size)d."
            ),
            size=len(encoded),
        )
    try:
        return sm2.public_key(encoded)
    except ValueError:
        if name := containers.other_curve_of(encoded):
            raise KeyFormatError(containers.OTHER_CURVE, curve=name) from None
        raise KeyFormatError(
            gettext_noop("This is no point of SM2's curve: the key is damaged, or of another curve.")
        ) from None


def public_text(key: sm2.PublicKey) -> str:
    """The key as it is shown for exchange and stored: base64 of the 65-byte point."""
    return base64.b64encode(bytes(key)).decode()


def public_pem(key: sm2.PublicKey) -> str:
    """The key as a SubjectPublicKeyInfo in PEM."""
    spki = _Spki({"algorithm": {"algorithm": EC_PUBLIC_KEY, "curve": SM2_CURVE}, "key": bytes(key)})
    armoured: bytes = pem.armor("PUBLIC KEY", spki.dump())
    return armoured.decode()


def private_text(key: sm2.PrivateKey) -> str:
    """The key as it is stored (in an encrypted field): base64 of the 32 bytes."""
    return base64.b64encode(bytes(key)).decode()


def _blocks(given: str | bytes) -> list[Block]:
    """What `given` may hold: a PEM's blocks, or one without a label."""
    if isinstance(given, bytes):
        text = None if len(given) in RAW_SIZES or containers.is_whole(given) else _as_text(given)
        if text is None and (text := _as_ascii(given)) is None:
            return [Block("", given)]
        given = text
    text = given.replace("\\r", "\n").replace("\\n", "\n").strip(AROUND)
    if not text:
        raise KeyFormatError(gettext_noop("The key is empty."))
    if "-----" in text:
        return _pem_blocks(text)
    encoded = _from_text(re.sub(r"[\s\"'\\]", "", text))
    if encoded is None:
        raise KeyFormatError(gettext_noop("The key is neither base64 nor hex nor PEM."))
    return _blocks(encoded) if encoded.startswith(b"-----BEGIN") else [Block("", encoded)]


def _as_text(content: bytes) -> str | None:
    """A text file's text, in UTF-8 or, as Windows' editor writes it, UTF-16; None for a binary key."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x01-\x08\x0e-\x1f\x7f]", text) else text


def _as_ascii(content: bytes) -> str | None:
    """Hex or base64 that is as long as a raw key would be."""
    return content.decode("ascii") if re.fullmatch(rb"[\x09\x0a\x0d\x20-\x7e]+", content) else None


def _pem_blocks(text: str) -> list[Block]:
    blocks = []
    for label, body in PEM.findall(text):
        if "DEK-Info" in body:
            raise KeyFormatError(
                gettext_noop("The key is encrypted the old way (DEK-Info); rewrite it with openssl pkcs8 -topk8.")
            )
        encoded = _from_text(re.sub(r"[\s\"'\\]", "", body))
        if encoded is None:
            raise KeyFormatError(gettext_noop("The PEM block %(label)s is damaged: it is not base64."), label=label)
        blocks.append(Block(label, encoded))
    if all(any(word in block.label for word in BESIDE) for block in blocks):
        raise KeyFormatError(gettext_noop("The PEM is cut: it lacks its BEGIN or its END line."))
    return blocks


def _from_text(compact: str) -> bytes | None:
    if re.fullmatch(r"(?:0[xX])?(?:[0-9a-fA-F]{2})+", compact):
        return bytes.fromhex(compact[2:] if compact[1:2] in "xX" else compact)
    try:
        standard = compact.rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None


def _chosen(blocks: list[Block], *wanted: Container) -> Block:
    """The first block that holds what is wanted, else the first that says anything."""
    telling = [block for block in blocks if not any(word in block.label for word in BESIDE)]
    for block in telling:
        if not block.label or containers.container_of(block.encoded) in wanted:
            return block
    return telling[0]
