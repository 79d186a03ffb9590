"""How standards nest a key's bytes: SEC1 (RFC 5915), PKCS#8 (RFC 5958), SubjectPublicKeyInfo, X.509.

Each is told by the types of its parts alone, so that what is something else can be called by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from protocol.crypto import curve, der, pbes2
from protocol.crypto.der import Part

SM2_CURVE = "1.2.156.10197.1.301"
#: SM2 as an algorithm, and for signatures and encryption alone (GM/T 0006).
SM2_ALGORITHMS = {SM2_CURVE, f"{SM2_CURVE}.1", f"{SM2_CURVE}.3"}
EC_PUBLIC_KEY = "1.2.840.10045.2.1"
ALGORITHMS = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10040.4.1": "DSA",
    "1.3.101.110": "X25519",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}
CURVES = {
    "1.2.840.10045.3.1.7": "P-256",
    "1.3.132.0.34": "P-384",
    "1.3.132.0.35": "P-521",
    "1.3.132.0.10": "secp256k1",
    "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
}
#: Curves whose points are as long as SM2's: p, a and b.
OF_SAME_SIZE = {
    "P-256": (
        0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        -3,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    ),
    "secp256k1": (2**256 - 2**32 - 977, 0, 7),
}


class KeyFormatError(ValueError):
    """What is no SM2 key of the wanted kind; says what it is instead and never shows the key.

    `text` and `values` are for whoever tells it in another language.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.text, self.values = text, values
        super().__init__(text % values if values else text)


def gettext_noop(text: str) -> str:
    """The text as it is: marks it for the catalogue, which is asked where a person reads it (`protocol.key_texts`)."""
    return text


OTHER_CURVE = gettext_noop("This key is on the curve %(curve)s; a key on SM2's curve (1.2.156.10197.1.301) is needed.")


class Container(Enum):
    SEC1 = auto()
    PKCS8 = auto()
    ENCRYPTED = auto()
    SPKI = auto()
    CERTIFICATE = auto()
    REQUEST = auto()
    RSA = auto()
    PKCS12 = auto()
    OTHER = auto()


_PRIVATE_GIVEN = gettext_noop("This is a private key. Give the public key; whoever saw this one must replace it.")
#: What each is called where another is wanted.
NOT_PUBLIC = {
    Container.SEC1: _PRIVATE_GIVEN,
    Container.PKCS8: _PRIVATE_GIVEN,
    Container.ENCRYPTED: _PRIVATE_GIVEN,
}
NOT_PRIVATE = {
    Container.SPKI: gettext_noop("This is a public key; the private key belongs here."),
    Container.CERTIFICATE: gettext_noop("This is a certificate; the private key that belongs to it is needed."),
}
NEITHER = {
    Container.REQUEST: gettext_noop(
        "This is a certificate request; give the key itself, or the certificate that was issued."
    ),
    Container.RSA: gettext_noop("This is an RSA key; an SM2 key is needed."),
    Container.PKCS12: gettext_noop("This is a PKCS#12 file (.pfx); give the key alone, as PEM or DER."),
    Container.OTHER: gettext_noop(
        "This is ASN.1, but no SM2 key in SEC1, PKCS#8, SubjectPublicKeyInfo or a certificate."
    ),
}


def is_whole(encoded: bytes) -> bool:
    """Whether this is one ASN.1 sequence and nothing behind it."""
    try:
        return bool(der.whole(encoded).parts)
    except ValueError:
        return False


def container_of(encoded: bytes) -> Container:
    """What a DER encoding is, by the types of its parts."""
    try:
        outer = der.whole(encoded)
        shape = outer.shape
        if shape.startswith("IO"):
            return Container.SEC1
        if shape.startswith("ISO"):
            return Container.PKCS8
        if shape in ("SO", "SB"):
            return Container.ENCRYPTED if shape == "SO" else Container.SPKI
        if shape == "SSB":
            return Container.REQUEST if outer.parts[0].shape in ("ISS", "ISS0") else Container.CERTIFICATE
        if shape in ("II", "I" * 9):
            return Container.RSA
        if shape.startswith("IS") and outer.parts[0].number == 3:
            return Container.PKCS12
    except ValueError:
        pass
    return Container.OTHER


def private_octets(encoded: bytes, passphrase: Callable[[], str] | None = None) -> bytes:
    """The 32 bytes of the number in SEC1 or PKCS#8, the latter encrypted or not; or KeyFormatError."""
    kind = container_of(encoded)
    try:
        if kind is Container.ENCRYPTED:
            return private_octets(_decrypted(encoded, passphrase))
        if kind is Container.SEC1:
            return _sec1(encoded)
        if kind is Container.PKCS8:
            _version, algorithm, octets, *_attributes = der.whole(encoded).parts
            _see_algorithm(algorithm)
            return _inner_private(octets.contents)
    except KeyFormatError:
        raise
    except (ValueError, IndexError):
        kind = Container.OTHER
    raise _not_wanted(kind, NOT_PRIVATE)


def public_octets(encoded: bytes) -> bytes:
    """The point in an SPKI or a certificate, in whatever form it is there; or KeyFormatError."""
    kind = container_of(encoded)
    try:
        found = der.whole(encoded)
        if kind is Container.CERTIFICATE:
            certified = found.parts[0].parts
            # Its version, which a certificate of version 1 lacks, is the only part before the serial number.
            found = certified[6 if certified[0].letter == "0" else 5]
        if kind in (Container.SPKI, Container.CERTIFICATE):
            algorithm, bits = found.parts
            _see_algorithm(algorithm)
            return bits.contents[1:]
    except KeyFormatError:
        raise
    except (ValueError, IndexError):
        kind = Container.OTHER
    raise _not_wanted(kind, NOT_PUBLIC)


def other_curve_of(encoded: bytes) -> str:
    """The name of another curve on which a raw point lies, or nothing."""
    point = encoded[1:] if len(encoded) == 2 * curve.SIZE + 1 else encoded
    if len(point) != 2 * curve.SIZE:
        return ""
    x, y = (int.from_bytes(half, "big") for half in (point[: curve.SIZE], point[curve.SIZE :]))
    lies_on = [name for name, (p, a, b) in OF_SAME_SIZE.items() if (y * y - (x**3 + a * x + b)) % p == 0]
    return lies_on[0] if lies_on else ""


def _not_wanted(kind: Container, wrong_side: dict[Container, str]) -> KeyFormatError:
    return KeyFormatError(wrong_side.get(kind) or NEITHER.get(kind) or NEITHER[Container.OTHER])


def _decrypted(encoded: bytes, passphrase: Callable[[], str] | None) -> bytes:
    secret = passphrase() if passphrase else ""
    if not secret:
        raise KeyFormatError(gettext_noop("The key is encrypted: its passphrase is needed."))
    try:
        opened = pbes2.decrypt(encoded, secret)
    except pbes2.UnknownScheme as error:
        raise KeyFormatError(
            gettext_noop(
                "The key is encrypted in a way that is not known here (%(scheme)s); PBES2 with AES or SM4 is read."
            ),
            scheme=error,
        ) from None
    except ValueError:
        opened = b""
    if container_of(opened) not in (Container.SEC1, Container.PKCS8):
        raise KeyFormatError(gettext_noop("The passphrase does not open the key."))
    return opened


def _sec1(encoded: bytes) -> bytes:
    _version, number, *others = der.whole(encoded).parts
    for other in others:
        if other.letter == "0":
            _see_curve(other.parts[0])
    return number.contents.lstrip(b"\0").rjust(curve.SIZE, b"\0")


def _inner_private(octets: bytes) -> bytes:
    """What PKCS#8 wraps: SEC1, an OCTET STRING, or the number's bytes themselves."""
    if container_of(octets) is Container.SEC1:
        return _sec1(octets)
    if octets[:1] == b"\x04" and len(octets) == octets[1] + 2:
        octets = octets[2:]
    return octets.removeprefix(b"\0") if len(octets) == curve.SIZE + 1 else octets


def _see_algorithm(algorithm: Part) -> None:
    """That this AlgorithmIdentifier is SM2's, in any of its writings."""
    named, *parameters = algorithm.parts
    if named.identifier in SM2_ALGORITHMS:
        return
    if named.identifier != EC_PUBLIC_KEY:
        raise KeyFormatError(
            gettext_noop("This is a key for %(algorithm)s; an SM2 key is needed."),
            algorithm=ALGORITHMS.get(named.identifier, named.identifier),
        )
    _see_curve(parameters[0])


def _see_curve(parameters: Part) -> None:
    """A curve by its name, or by its parameters (X9.62: version, field, coefficients, base point, order)."""
    if parameters.letter == "A":
        if parameters.identifier != SM2_CURVE:
            raise KeyFormatError(OTHER_CURVE, curve=CURVES.get(parameters.identifier, parameters.identifier))
        return
    _version, of_field, coefficients, base, order, *_cofactor = parameters.parts
    a, b = (int.from_bytes(part.contents, "big") for part in coefficients.parts[:2])
    base_x = int.from_bytes(base.contents[1 : 1 + curve.SIZE], "big")
    if (of_field.parts[1].number, a, b, order.number, base_x) != (curve.P, curve.A, curve.B, curve.N, curve.G.x):
        raise KeyFormatError(
            gettext_noop("The key brings parameters of a curve that is not SM2's; a key on SM2's curve is needed.")
        )
