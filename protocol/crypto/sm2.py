"""SM2 (GB/T 32918): encryption of texts of any length, and signatures."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from asn1crypto.core import Integer, OctetString, Sequence

from protocol.crypto import curve, der, sm3
from protocol.crypto.curve import SIZE, N, Point

if TYPE_CHECKING:
    from gmssl.sm2 import CryptSM2

#: The identity that GM/T 0009 assumes where none was agreed.
DEFAULT_USER_ID = b"1234567812345678"
POINT_SIZE = 2 * SIZE


class DecryptionError(ValueError):
    """A ciphertext that this key does not open: changed, cut, of another key, or no SM2 ciphertext at all."""

    def __init__(self, cause: str = "") -> None:
        super().__init__("The SM2 ciphertext cannot be opened with this key.")
        #: "short", "off_curve" or "wrong_c3", for the record of whoever holds the key; nobody else is told.
        self.cause = cause


class Layout(StrEnum):
    """How a ciphertext's parts follow each other: the point, the digest, the text."""

    C1C3C2 = "C1C3C2"  # GB/T 32918.4-2016
    C1C2C3 = "C1C2C3"  # the draft of 2010, older toolkits
    DER = "DER"  # GM/T 0009


@dataclass(frozen=True)
class PublicKey:
    """A point of the curve. Made by `public_key` or `PrivateKey.public`, which see that it is one."""

    point: Point

    def __bytes__(self) -> bytes:
        """The uncompressed form: 04, x, y (65 bytes)."""
        return b"\x04" + _coordinates(self.point)


@dataclass(frozen=True)
class PrivateKey:
    """A number in 1 … n−2 that no repr shows, and its public key."""

    d: int = field(repr=False)
    public: PublicKey = field(init=False)

    def __post_init__(self) -> None:
        if not 0 < self.d < N - 1:
            raise ValueError("An SM2 private key lies in 1 … n−2; this number does not.")
        object.__setattr__(self, "public", PublicKey(curve.multiply(self.d)))

    def __bytes__(self) -> bytes:
        """The 32 bytes of the number."""
        return self.d.to_bytes(SIZE, "big")


def generate() -> PrivateKey:
    """A fresh key pair."""
    while (d := curve.random_scalar()) == N - 1:
        pass
    return PrivateKey(d)


def public_key(encoded: bytes) -> PublicKey:
    """The key in its uncompressed (65 bytes, or 64 without the 04) or compressed form (33 bytes), or ValueError."""
    if len(encoded) == POINT_SIZE:
        encoded = b"\x04" + encoded
    if len(encoded) == 1 + POINT_SIZE and encoded[0] == 4:
        return PublicKey(_point(encoded[1:]))
    if len(encoded) == 1 + SIZE and encoded[0] in (2, 3):
        return PublicKey(curve.point_with(int.from_bytes(encoded[1:], "big"), odd=encoded[0] == 3))
    raise ValueError("An SM2 public key has 65 bytes beginning with 04, 64 without it, or 33 beginning with 02 or 03.")


class _Ciphertext(Sequence):  # type: ignore[misc]
    """SM2Cipher of GM/T 0009."""

    _fields = [("x", Integer), ("y", Integer), ("digest", OctetString), ("text", OctetString)]


def encrypt(key: PublicKey, plaintext: bytes, layout: Layout = Layout.C1C3C2, *, prefix: bool = True) -> bytes:
    """`plaintext` (1 byte or more) for the holder of `key`; `prefix` writes the 04 before C1, which DER has not.

    GB/T 32918.4, 6.1.
    """
    if not plaintext:
        raise ValueError("SM2 encrypts at least one byte.")
    while True:
        k = curve.random_scalar()
        c1 = curve.multiply(k)
        shared = curve.multiply(k, key.point)
        stream = sm3.key_stream(_coordinates(shared), len(plaintext))
        if any(stream):
            break
    c2 = _xor(plaintext, stream)
    c3 = _digest(shared, plaintext)
    if layout is Layout.DER:
        encoded: bytes = _Ciphertext({"x": c1.x, "y": c1.y, "digest": c3, "text": c2}).dump()
        return encoded
    head = b"\x04" * prefix + _coordinates(c1)
    return head + (c3 + c2 if layout is Layout.C1C3C2 else c2 + c3)


def decrypt(key: PrivateKey, ciphertext: bytes) -> bytes:
    """The plaintext of a ciphertext in any layout, with or without the 04; C3 decides which it is.

    DecryptionError, always the same, for everything else: C1 off the curve, C3 wrong, too short.
    """
    cause = "short"
    for reading in (_der_parts, _prefixed_parts, _bare_parts):
        if (parts := reading(ciphertext)) is None:
            continue
        c1, texts = parts
        try:
            shared = curve.multiply(key.d, _point(c1))
        except ValueError:
            cause = "off_curve" if cause == "short" else cause
            continue
        cause = "wrong_c3"
        length = len(texts[0][1])
        stream = sm3.key_stream(_coordinates(shared), length)
        for c3, c2 in texts:
            plaintext = _xor(c2, stream)
            if any(stream) and hmac.compare_digest(c3, _digest(shared, plaintext)):
                return plaintext
    raise DecryptionError(cause)


#: C1 and the ways to read the rest, each as C3 and C2.
_Parts = tuple[bytes, list[tuple[bytes, bytes]]]


def _der_parts(ciphertext: bytes) -> _Parts | None:
    """GM/T 0009's. Toolkits leave out the zero before a number whose first bit is set: no coordinate is negative."""
    if ciphertext[:1] != b"\x30":
        return None
    try:
        x, y, digest, text = der.whole(ciphertext).parts
        c1 = b"".join(int.from_bytes(part.contents, "big").to_bytes(SIZE, "big") for part in (x, y))
    except (ValueError, OverflowError):
        return None
    if x.letter + y.letter + digest.letter + text.letter != "IIOO":
        return None
    if len(digest.contents) != sm3.DIGEST_SIZE or not text.contents:
        return None
    return c1, [(digest.contents, text.contents)]


def _prefixed_parts(ciphertext: bytes) -> _Parts | None:
    return _bare_parts(ciphertext[1:]) if ciphertext[:1] == b"\x04" else None


def _bare_parts(ciphertext: bytes) -> _Parts | None:
    c1, rest = ciphertext[:POINT_SIZE], ciphertext[POINT_SIZE:]
    if len(rest) <= sm3.DIGEST_SIZE:
        return None
    return c1, [
        (rest[: sm3.DIGEST_SIZE], rest[sm3.DIGEST_SIZE :]),
        (rest[-sm3.DIGEST_SIZE :], rest[: -sm3.DIGEST_SIZE]),
    ]


def message_digest(key: PublicKey, message: bytes, user_id: bytes = DEFAULT_USER_ID) -> bytes:
    """What is signed: SM3(Z ‖ message), Z binding the signer's identity and key (GB/T 32918.2, 5.5 and 6.1)."""
    bound = (
        (len(user_id) * 8).to_bytes(2, "big")
        + user_id
        + curve.A.to_bytes(SIZE, "big")
        + curve.B.to_bytes(SIZE, "big")
        + _coordinates(curve.G)
        + _coordinates(key.point)
    )
    return sm3.digest(sm3.digest(bound) + message)


def sign(key: PrivateKey, message: bytes, user_id: bytes = DEFAULT_USER_ID) -> bytes:
    """The signature r ‖ s (64 bytes). GB/T 32918.2, 6.1."""
    return sign_digest(key, message_digest(key.public, message, user_id))


def sign_digest(key: PrivateKey, digest: bytes) -> bytes:
    """The signature r ‖ s over what `message_digest` gives."""
    e = int.from_bytes(digest, "big")
    while True:
        k = curve.random_scalar()
        r = (e + curve.multiply(k).x) % N
        s = pow(1 + key.d, -1, N) * (k - r * key.d) % N
        if r and s and r + k != N:
            return r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big")


def verify(key: PublicKey, message: bytes, signature: bytes, user_id: bytes = DEFAULT_USER_ID) -> bool:
    """Whether `signature` (64 bytes, r ‖ s) is the key holder's over `message`. GB/T 32918.2, 7.1."""
    return verify_digest(key, message_digest(key, message, user_id), signature)


def verify_digest(key: PublicKey, digest: bytes, signature: bytes) -> bool:
    """`verify` for what `message_digest` gives."""
    if len(signature) != POINT_SIZE:
        return False
    r, s = int.from_bytes(signature[:SIZE], "big"), int.from_bytes(signature[SIZE:], "big")
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    try:
        x = curve.combine(s, t, key.point).x
    except curve.NotOnCurve:
        return False
    return (int.from_bytes(digest, "big") + x) % N == r


class _Signature(Sequence):  # type: ignore[misc]
    """SM2Signature of GM/T 0009."""

    _fields = [("r", Integer), ("s", Integer)]


def signature_to_der(signature: bytes) -> bytes:
    """r ‖ s as the SEQUENCE of certificates and signed files."""
    r, s = int.from_bytes(signature[:SIZE], "big"), int.from_bytes(signature[SIZE:], "big")
    encoded: bytes = _Signature({"r": r, "s": s}).dump()
    return encoded


def signature_from_der(encoded: bytes) -> bytes:
    """The reverse of `signature_to_der`, or ValueError."""
    try:
        parsed = _Signature.load(encoded, strict=True).native
        return b"".join(parsed[name].to_bytes(SIZE, "big") for name in ("r", "s"))
    except (TypeError, OverflowError, AttributeError) as error:
        raise ValueError(f"Not an SM2 signature: {error}") from None


def self_test() -> None:
    """Settles at start-up which arithmetic is used, by GB/T 32918.5's known answer (see `curve`), and asks gmssl.

    gmssl, which knows nothing of ours, must open what we encrypt in both of its layouts and accept what we sign; that
    takes a tenth of a second and its import, so no working process does it. Raises RuntimeError where the two differ.
    """
    curve.arithmetic()
    key, text = PrivateKey(curve.KNOWN_SCALAR), b"second opinion"
    for layout in (Layout.C1C3C2, Layout.C1C2C3):
        other = reference(key, layout)
        if other.decrypt(encrypt(key.public, text, layout, prefix=False)) != text:
            raise RuntimeError(f"gmssl does not open what is encrypted here ({layout}); install the pinned versions.")
    if not other.verify_with_sm3(sign(key, text).hex(), text):
        raise RuntimeError("gmssl does not accept what is signed here; install the pinned versions.")


def reference(key: PrivateKey, layout: Layout) -> CryptSM2:
    """gmssl with this key: for comparing alone, since it checks neither C3 nor the curve and draws weak numbers."""
    from gmssl.sm2 import CryptSM2

    made = CryptSM2(f"{key.d:064x}", "", mode=int(layout is Layout.C1C3C2))
    made.public_key = _coordinates(key.public.point).hex()  # its constructor strips leading 0 and 4 digits
    return made


def _point(encoded: bytes) -> Point:
    if len(encoded) != POINT_SIZE:
        raise curve.NotOnCurve
    return curve.point(int.from_bytes(encoded[:SIZE], "big"), int.from_bytes(encoded[SIZE:], "big"))


def _coordinates(of: Point) -> bytes:
    return of.x.to_bytes(SIZE, "big") + of.y.to_bytes(SIZE, "big")


def _digest(shared: Point, plaintext: bytes) -> bytes:
    return sm3.digest(shared.x.to_bytes(SIZE, "big") + plaintext + shared.y.to_bytes(SIZE, "big"))


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")
