"""Keys in every form in which a platform may hand them over (decisions E6)."""

import base64
import shutil
import subprocess

import pytest

from protocol.crypto import curve, keys, sm2

KEY = sm2.PrivateKey(curve.KNOWN_SCALAR)
POINT = bytes(KEY.public)
COMPRESSED = bytes([2 + POINT[-1] % 2]) + POINT[1:33]


@pytest.mark.parametrize("raw", [POINT, POINT[1:], COMPRESSED], ids=["65", "64", "33"])
@pytest.mark.parametrize(
    "write", [bytes.hex, lambda raw: raw.hex().upper(), lambda raw: base64.b64encode(raw).decode()]
)
def test_it_reads_raw_public_keys(raw, write):
    assert keys.load_public(write(raw)) == KEY.public


def test_it_reads_its_own_spki():
    assert keys.load_public(keys.public_pem(KEY.public)) == KEY.public


@pytest.mark.parametrize("write", [bytes.hex, lambda raw: base64.b64encode(raw).decode()])
def test_it_reads_raw_private_keys(write):
    assert keys.load_private(write(bytes(KEY))) == KEY


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_it_reads_what_openssl_writes(tmp_path):
    def openssl(*arguments):
        return subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=tmp_path).stdout.decode()

    sec1 = (
        openssl("ecparam", "-name", "SM2", "-genkey", "-noout", "-out", "key.pem") or (tmp_path / "key.pem").read_text()
    )
    pkcs8 = openssl("pkcs8", "-topk8", "-nocrypt", "-in", "key.pem")
    spki = openssl("pkey", "-in", "key.pem", "-pubout")
    assert keys.load_private(sec1) == keys.load_private(pkcs8)
    assert keys.load_private(pkcs8).public == keys.load_public(spki)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("not a key!", "neither base64 nor hex nor PEM"),
        ("ab" * 20, "65 bytes"),
        (bytes(KEY).hex(), "private key"),
        ("04" + "00" * 64, "curve"),
    ],
)
def test_it_says_what_is_wrong_with_a_public_key(text, says):
    with pytest.raises(keys.KeyFormatError, match=says):
        keys.load_public(text)


def test_it_refuses_another_curve():
    p256 = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84z"
        "V2sxXs7LtkboN79R9Q=="
    )
    with pytest.raises(keys.KeyFormatError, match="another algorithm or curve"):
        keys.load_public(p256)


def test_a_refusal_never_shows_the_key():
    with pytest.raises(keys.KeyFormatError) as refusal:
        keys.load_private(bytes(KEY).hex() + "ff")
    assert bytes(KEY).hex() not in str(refusal.value)
