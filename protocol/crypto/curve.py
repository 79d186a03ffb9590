"""SM2's recommended curve (GB/T 32918.5) and its point arithmetic.

The multiplication is pycryptodomex's constant-time C code for short Weierstrass curves with a = p − 3, which this curve
is. That interface is private to the package, so a known answer is computed before its first use; should a release
change it, gmssl's own arithmetic serves instead, seven times slower and not in constant time, with a warning.

What that code does not refuse is refused here: coordinates of p or more, the point (0, 0) that it takes for infinity,
scalars outside 1 … n−1, and a result at infinity.
"""

from __future__ import annotations

import logging
import secrets
from functools import lru_cache
from typing import NamedTuple, Protocol

SIZE = 32
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

logger = logging.getLogger(__name__)


class Point(NamedTuple):
    """A point of the curve other than infinity, by its coordinates."""

    x: int
    y: int


G = Point(
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
#: The key pair of GB/T 32918.5, annex A: what the arithmetic must reproduce before it is used.
KNOWN_SCALAR = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
KNOWN_POINT = Point(
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)


class NotOnCurve(ValueError):
    """Coordinates that are no point of the curve, or the point at infinity."""

    def __init__(self) -> None:
        super().__init__("The point does not lie on SM2's curve.")


def point(x: int, y: int) -> Point:
    """The point with these coordinates, or NotOnCurve (an invalid-curve attack reads a private key out)."""
    if not (0 <= x < P and 0 <= y < P) or (y * y - (x * x * x + A * x + B)) % P:
        raise NotOnCurve
    return Point(x, y)


def point_with(x: int, odd: bool) -> Point:
    """The point with this x whose y is odd or even (GB/T 32918.1, 4.2.9: compressed form), or NotOnCurve."""
    if not 0 <= x < P:
        raise NotOnCurve
    y = pow(x * x * x + A * x + B, (P + 1) // 4, P)
    return point(x, y if y % 2 == odd else P - y)


def multiply(k: int, of: Point = G) -> Point:
    """k times a point (the base point, if none is given); k in 1 … n−1."""
    return arithmetic().multiply(_scalar(k), of)


def combine(s: int, t: int, of: Point) -> Point:
    """s times the base point plus t times `of`: what verifying a signature needs; s and t in 1 … n−1."""
    return arithmetic().add(multiply(s), multiply(t, of))


def random_scalar() -> int:
    """A uniform number in 1 … n−1, from the system's cryptographic source."""
    return secrets.randbelow(N - 1) + 1


def _scalar(k: int) -> int:
    if not 0 < k < N:
        raise ValueError("A scalar lies outside 1 … n−1.")
    return k


class Arithmetic(Protocol):
    def multiply(self, k: int, of: Point) -> Point: ...

    def add(self, one: Point, other: Point) -> Point: ...


@lru_cache(maxsize=1)
def arithmetic() -> Arithmetic:
    """The arithmetic in use: the first that gives the standard's known answer."""
    try:
        fast = CompiledArithmetic()
        if fast.multiply(KNOWN_SCALAR, G) == KNOWN_POINT:
            return fast
        logger.warning("The compiled SM2 arithmetic gives a wrong answer; gmssl's, which is slower, is used instead.")
    except (ImportError, AttributeError, TypeError, ValueError, OSError) as error:
        logger.warning("The compiled SM2 arithmetic cannot be used (%s); gmssl's, which is slower, is.", error)
    slow = GmsslArithmetic()
    if slow.multiply(KNOWN_SCALAR, G) != KNOWN_POINT:
        raise RuntimeError("No SM2 arithmetic gives the known answer of GB/T 32918.5; install the pinned versions.")
    return slow


class CompiledArithmetic:
    """pycryptodomex's C library. Its context is only read after it was made, so threads share it."""

    def __init__(self) -> None:
        from Cryptodome.PublicKey._nist_ecc import EcLib
        from Cryptodome.Util._raw_api import VoidPointer, c_size_t, c_uint8_ptr, c_ulonglong

        self._lib, self._pointer, self._size, self._bytes, self._seed = (
            EcLib,
            VoidPointer,
            c_size_t,
            c_uint8_ptr,
            c_ulonglong,
        )
        self._context = VoidPointer()
        self._check(
            EcLib.new_context(
                self._context.address_of(),
                *(c_uint8_ptr(number.to_bytes(SIZE, "big")) for number in (P, B, N)),
                c_size_t(SIZE),
                c_ulonglong(secrets.randbits(64)),
            )
        )

    def multiply(self, k: int, of: Point) -> Point:
        held = self._load(of)
        try:
            scalar = k.to_bytes(SIZE, "big")
            self._check(
                self._lib.scalar(held.get(), self._bytes(scalar), self._size(SIZE), self._seed(secrets.randbits(64)))
            )
            return self._read(held)
        finally:
            self._lib.free_point(held.get())

    def add(self, one: Point, other: Point) -> Point:
        held, added = self._load(one), self._load(other)
        try:
            self._check(self._lib.add(held.get(), added.get()))
            return self._read(held)
        finally:
            self._lib.free_point(held.get())
            self._lib.free_point(added.get())

    def _load(self, source: Point):  # type: ignore[no-untyped-def]
        held = self._pointer()
        coordinates = (self._bytes(number.to_bytes(SIZE, "big")) for number in source)
        self._check(self._lib.new_point(held.address_of(), *coordinates, self._size(SIZE), self._context.get()))
        return held

    def _read(self, held) -> Point:  # type: ignore[no-untyped-def]
        x, y = bytearray(SIZE), bytearray(SIZE)
        self._check(self._lib.get_xy(self._bytes(x), self._bytes(y), self._size(SIZE), held.get()))
        result = Point(int.from_bytes(x, "big"), int.from_bytes(y, "big"))
        if result == (0, 0):
            raise NotOnCurve
        return result

    @staticmethod
    def _check(result: int) -> None:
        if result == 15:
            raise NotOnCurve
        if result:
            raise ValueError(f"SM2 arithmetic failed with error {result}.")


class GmsslArithmetic:
    """gmssl's pure Python formulas, used for nothing but the arithmetic."""

    def __init__(self) -> None:
        from gmssl.sm2 import CryptSM2

        self._curve = CryptSM2(private_key="", public_key="")

    def multiply(self, k: int, of: Point) -> Point:
        return self._affine(self._curve._kg(k, f"{of.x:064x}{of.y:064x}"))

    def add(self, one: Point, other: Point) -> Point:
        if one == other:
            return self.multiply(2, one)
        joined = self._curve._add_point(f"{one.x:064x}{one.y:064x}{1:064x}", f"{other.x:064x}{other.y:064x}")
        return self._affine(self._curve._convert_jacb_to_nor(joined))

    @staticmethod
    def _affine(text: str | None) -> Point:
        if text is None:  # gmssl's word for the point at infinity
            raise NotOnCurve
        return Point(int(text[:64], 16), int(text[64:], 16))
