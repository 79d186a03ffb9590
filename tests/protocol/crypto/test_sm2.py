"""SM2 by GB/T 32918, and the hazards of the library whose arithmetic serves as fallback."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from protocol.crypto import curve, der, keys, sm2

STANDARD_KEY = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
KEY = keys.load_private(STANDARD_KEY)
#: GB/T 32918.5, annex A.2: a signature over "message digest" by the standard's key and user identity.
STANDARD_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
#: GB/T 32918.5, annex A.3: "encryption standard" under the standard's key, C1C3C2.
STANDARD_CIPHERTEXT = bytes.fromhex(
    "04"
    "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
    "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD876621886CA989CA9C7D58087307CA93092D651EFA"
)


def test_it_has_the_standards_public_key():
    assert KEY.public.point == curve.KNOWN_POINT


def test_it_verifies_the_standards_signature():
    assert sm2.verify(KEY.public, b"message digest", STANDARD_SIGNATURE)


def test_it_opens_the_standards_ciphertext():
    assert sm2.decrypt(KEY, STANDARD_CIPHERTEXT) == b"encryption standard"


def test_it_opens_it_without_the_prefix_too():
    """Its C1 begins with the byte 04 as well, so only C3 can tell."""
    assert sm2.decrypt(KEY, STANDARD_CIPHERTEXT[1:]) == b"encryption standard"


@pytest.mark.parametrize("layout", sm2.Layout)
@pytest.mark.parametrize("prefix", [True, False])
@pytest.mark.parametrize("length", [1, 16, 31, 32, 33, 1500, 70_000])
def test_it_opens_what_it_encrypts(layout, prefix, length):
    text = secrets.token_bytes(length)
    assert sm2.decrypt(KEY, sm2.encrypt(KEY.public, text, layout, prefix=prefix)) == text


@pytest.mark.parametrize("layout", sm2.Layout)
def test_it_refuses_a_change_of_any_byte(layout):
    ciphertext = sm2.encrypt(KEY.public, b"guarantee", layout)
    for position in range(len(ciphertext)):
        changed = bytearray(ciphertext)
        changed[position] ^= 0x40
        with pytest.raises(sm2.DecryptionError):
            sm2.decrypt(KEY, bytes(changed))


@pytest.mark.parametrize(
    "c1",
    [
        b"\0" * 64,
        curve.P.to_bytes(32, "big") + b"\0" * 32,
        (curve.G.x).to_bytes(32, "big") + (curve.G.y + 1).to_bytes(32, "big"),
        b"\xff" * 64,
    ],
    ids=["infinity", "coordinate of p", "off the curve", "out of range"],
)
def test_it_refuses_a_point_that_is_none(c1):
    with pytest.raises(sm2.DecryptionError):
        sm2.decrypt(KEY, b"\x04" + c1 + STANDARD_CIPHERTEXT[65:])


@pytest.mark.parametrize("cut", [0, 1, 64, 65, 96, 97])
def test_it_refuses_what_is_cut_short(cut):
    with pytest.raises(sm2.DecryptionError):
        sm2.decrypt(KEY, STANDARD_CIPHERTEXT[:cut])


def test_it_signs_for_every_key():
    """gmssl strips leading 0 and 4 digits of a public key, which ruins about one in eight."""
    for d in range(1, 60):
        key = sm2.PrivateKey(d)
        assert sm2.verify(key.public, b"text", sm2.sign(key, b"text"))
        assert sm2.decrypt(key, sm2.encrypt(key.public, b"text")) == b"text"


@pytest.mark.parametrize("r", [0, curve.N, curve.N + 1])
def test_it_refuses_r_and_s_out_of_range(r):
    good = sm2.sign(KEY, b"text")
    assert not sm2.verify(KEY.public, b"text", r.to_bytes(32, "big") + good[32:])
    assert not sm2.verify(KEY.public, b"text", good[:32] + r.to_bytes(32, "big"))


def test_it_refuses_another_text_or_key():
    signature = sm2.sign(KEY, b"text")
    assert not sm2.verify(KEY.public, b"texts", signature)
    assert not sm2.verify(sm2.generate().public, b"text", signature)


def test_a_signature_survives_der():
    signature = sm2.sign(KEY, b"text")
    assert sm2.signature_from_der(sm2.signature_to_der(signature)) == signature


@pytest.mark.parametrize("d", [0, curve.N - 1, curve.N, curve.N + 5])
def test_it_refuses_private_keys_out_of_range(d):
    with pytest.raises(ValueError, match="1 … n−2"):
        sm2.PrivateKey(d)


def test_a_private_key_is_never_shown():
    assert str(KEY.d) not in repr(KEY)


def test_both_arithmetics_agree():
    compiled, reference = curve.CompiledArithmetic(), curve.GmsslArithmetic()
    for k in (1, 2, 3, curve.N - 1, curve.random_scalar()):
        point = compiled.multiply(k, curve.G)
        assert point == reference.multiply(k, curve.G)
        assert compiled.add(point, curve.KNOWN_POINT) == reference.add(point, curve.KNOWN_POINT)


def test_threads_share_the_arithmetic():
    ciphertext = sm2.encrypt(KEY.public, b"guarantee")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: sm2.decrypt(KEY, ciphertext), range(400))) == {b"guarantee"}


@pytest.mark.parametrize("layout", list(sm2.Layout))
def test_gmssl_opens_what_we_encrypt_and_we_what_it_encrypts(layout):
    """DER is a layout that gmssl does not know: its parts are put together for it, and ours from its."""
    key, text = sm2.generate(), "保函 guarantee".encode()
    gmssl = sm2.reference(key, sm2.Layout.C1C3C2 if layout is sm2.Layout.DER else layout)
    ours, its = sm2.encrypt(key.public, text, layout, prefix=False), gmssl.encrypt(text)
    if layout is sm2.Layout.DER:
        x, y, c3, c2 = der.whole(ours).parts
        ours = b"".join(part.contents[-32:].rjust(32, b"\0") for part in (x, y)) + c3.contents + c2.contents
        parts = [its[:32], its[32:64], its[64:96], its[96:]]
        its = _der(*parts)
    assert gmssl.decrypt(ours) == text
    assert sm2.decrypt(key, its) == text


def test_gmssl_accepts_what_we_sign_and_we_what_it_signs():
    key = sm2.generate()
    gmssl = sm2.reference(key, sm2.Layout.C1C3C2)
    assert gmssl.verify_with_sm3(sm2.sign(key, b"text").hex(), b"text")
    assert sm2.verify(key.public, b"text", bytes.fromhex(gmssl.sign_with_sm3(b"text")))


def _der(x, y, c3, c2):
    """GM/T 0009's sequence as toolkits write it that put no zero before a number whose first bit is set."""
    parts = b"".join(bytes([tag, len(part)]) + part for tag, part in ((2, x), (2, y), (4, c3), (4, c2)))
    return b"\x30" + (bytes([len(parts)]) if len(parts) < 128 else b"\x81" + bytes([len(parts)])) + parts


def test_it_opens_der_whose_numbers_lack_their_leading_zero():
    for _ in range(8):  # the first bit of x or y is set in three of four
        ciphertext = sm2.encrypt(KEY.public, b"guarantee", prefix=False)
        bare = _der(ciphertext[:32], ciphertext[32:64], ciphertext[64:96], ciphertext[96:])
        assert sm2.decrypt(KEY, bare) == b"guarantee"


def test_the_self_test_notices_an_arithmetic_that_differs(monkeypatch):
    sm2.self_test()
    monkeypatch.setattr(sm2, "_digest", lambda shared, plaintext: bytes(32))
    monkeypatch.setattr(sm2, "_xor", lambda one, other: other)
    with pytest.raises(RuntimeError, match="gmssl"):
        sm2.self_test()
