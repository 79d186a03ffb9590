"""Keys in every form in which a platform may hand them over (decisions E6)."""

import base64
import shutil
import subprocess

import pytest
from django.utils.translation import override

from protocol.crypto import curve, keys, sm2
from protocol.key_texts import key_error_text

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


@pytest.fixture(scope="module")
def openssl(tmp_path_factory):
    """OpenSSL in a folder of its own, as its users call it; gives what it writes to its standard output."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    place = tmp_path_factory.mktemp("keys")

    def run(command: str) -> bytes:
        return subprocess.run(["openssl", *command.split()], check=True, capture_output=True, cwd=place).stdout

    run("ecparam -name SM2 -genkey -out sm2.pem")  # with its PARAMETERS block before the key
    run("ecparam -name SM2 -genkey -param_enc explicit -out explicit.pem")
    run("req -new -x509 -key sm2.pem -sm3 -subj /CN=x -days 9 -out certificate.pem")
    run("req -new -key sm2.pem -sm3 -subj /CN=x -out request.pem")
    run("x509 -req -in request.pem -signkey sm2.pem -days 9 -out version1.pem")
    run("ecparam -name prime256v1 -genkey -out p256.pem")
    run("genrsa -out rsa.pem 1024")
    run.read = lambda name: (place / name).read_bytes()
    run.sm2 = keys.load_private(run.read("sm2.pem"))
    return run


FORMS = ["PEM", "DER"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "command", ["ec -in sm2.pem", "ec -in sm2.pem -no_public", "pkcs8 -topk8 -nocrypt -in sm2.pem"]
)
def test_it_reads_private_keys_of_openssl(openssl, command, form):
    assert keys.load_private(openssl(f"{command} -outform {form}")) == openssl.sm2


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "command",
    [
        "pkey -in sm2.pem -pubout",
        "ec -in sm2.pem -pubout -conv_form compressed",
        "x509 -in certificate.pem",
        "x509 -in version1.pem",
    ],
)
def test_it_reads_public_keys_and_certificates_of_openssl(openssl, command, form):
    assert keys.load_public(openssl(f"{command} -outform {form}")) == openssl.sm2.public


@pytest.mark.parametrize("form", FORMS)
def test_it_reads_the_curves_parameters(openssl, form):
    private = keys.load_private(openssl(f"ec -in explicit.pem -outform {form}"))
    assert private == keys.load_private(openssl(f"pkcs8 -topk8 -nocrypt -in explicit.pem -outform {form}"))
    assert private.public == keys.load_public(openssl(f"pkey -in explicit.pem -pubout -outform {form}"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cipher", ["aes-256-cbc", "sm4-cbc", "aes-128-cbc -v2prf hmacWithSHA1"])
def test_it_opens_an_encrypted_private_key(openssl, cipher, form):
    encrypted = openssl(f"pkcs8 -topk8 -in sm2.pem -passout pass:秘密 -v2 {cipher} -outform {form}")
    assert keys.load_private(encrypted, lambda: "秘密") == openssl.sm2
    for passphrase, says in (("another", "does not open"), ("", "passphrase is needed")):
        with pytest.raises(keys.KeyFormatError, match=says):
            keys.load_private(encrypted, lambda given=passphrase: given)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("pkcs8 -topk8 -in sm2.pem -passout pass:x -scrypt", "not known here"),
        ("ec -in sm2.pem -aes128 -passout pass:xxxx", "DEK-Info"),
    ],
)
def test_it_says_how_a_key_that_it_cannot_open_is_encrypted(openssl, command, says):
    with pytest.raises(keys.KeyFormatError, match=says):
        keys.load_private(openssl(command), lambda: "x")


@pytest.mark.parametrize(
    "around",
    [
        lambda text: "\ufeff" + text,
        lambda text: f'"{text}"',
        lambda text: text.replace("\n", ""),
        lambda text: text.replace("\n", " "),
        lambda text: text.replace("\n", "\\n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"Our key:\n\n{text}\nBest regards",
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: base64.b64encode(text.encode()).decode(),
    ],
    ids=["mark", "quotes", "one line", "blanks", "escaped", "Windows", "letter", "UTF-8", "UTF-16", "base64 again"],
)
def test_what_surrounds_a_pem_is_passed_over(openssl, around):
    assert keys.load_public(around(keys.public_pem(KEY.public))) == KEY.public
    assert keys.load_private(around(openssl.read("sm2.pem").decode())) == openssl.sm2


def _sequence(*parts: bytes) -> bytes:
    """DER of a sequence below 128 bytes."""
    inside = b"".join(parts)
    return b"\x30" + bytes([len(inside)]) + inside


SM2_NAME = bytes.fromhex("06082a811ccf5501822d")
EC_NAME = bytes.fromhex("06072a8648ce3d0201")


@pytest.mark.parametrize("parameters", [b"", b"\x05\x00", SM2_NAME], ids=["none", "null", "itself"])
def test_sm2s_own_identifier_may_be_the_algorithm(parameters):
    algorithm = _sequence(SM2_NAME, parameters)
    assert keys.load_public(_sequence(algorithm, b"\x03\x42\x00" + POINT)) == KEY.public
    raw = b"\x04\x20" + bytes(KEY)
    assert keys.load_private(_sequence(b"\x02\x01\x00", algorithm, raw)) == KEY
    assert keys.load_private(_sequence(b"\x02\x01\x00", algorithm, b"\x04\x22" + raw)) == KEY


@pytest.mark.parametrize(
    "write",
    [
        lambda raw: raw,
        lambda raw: raw.hex(),
        lambda raw: raw.hex().upper().encode(),
        lambda raw: "0x" + raw.hex(),
        lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
        lambda raw: base64.encodebytes(raw).decode(),
    ],
    ids=["binary", "hex", "HEX file", "0x", "URL-safe", "broken lines"],
)
def test_it_reads_raw_keys_in_text_and_files(write):
    for raw in (bytes(KEY), b"\0" + bytes(KEY)):
        assert keys.load_private(write(raw)) == KEY
    for raw in (POINT, POINT[1:], COMPRESSED):
        assert keys.load_public(write(raw)) == KEY.public


@pytest.mark.parametrize(
    ("command", "public_says", "private_says"),
    [
        ("ec -in sm2.pem", "whoever saw this one", None),
        ("pkey -in sm2.pem -pubout", None, "This is a public key"),
        ("x509 -in certificate.pem", None, "This is a certificate"),
        ("req -in request.pem", "certificate request", "certificate request"),
        ("ec -in p256.pem", "private key", "curve P-256"),
        ("ec -in p256.pem -pubout", "curve P-256", "public key"),
        ("ec -in p256.pem -pubout -param_enc explicit", "not SM2's", "public key"),
        ("rsa -in rsa.pem -pubout", "key for RSA", "public key"),
        ("rsa -in rsa.pem -traditional", "RSA", "RSA"),
        ("rsa -in rsa.pem -RSAPublicKey_out", "RSA", "RSA"),
        ("ecparam -name SM2", "cut", "cut"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_it_says_what_it_was_given_instead(openssl, command, public_says, private_says, form):
    if "ecparam" in command and form == "DER":
        public_says, private_says = "33 beginning", "is none of them"
    given = openssl(f"{command} -outform {form}")
    for load, says in ((keys.load_public, public_says), (keys.load_private, private_says)):
        if says:
            with pytest.raises(keys.KeyFormatError, match=says):
                load(given)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("not a key!", "neither base64 nor hex nor PEM"),
        ("ab" * 20, "65 bytes"),
        (bytes(KEY).hex(), "private key"),
        ("04" + "00" * 64, "curve"),
        ("-----BEGIN PUBLIC KEY-----\nMFkw", "cut"),
        ("-----BEGIN PUBLIC KEY-----\nMF?w\n-----END PUBLIC KEY-----", "damaged"),
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
    with pytest.raises(keys.KeyFormatError, match="curve P-256"):
        keys.load_public(p256)


def test_a_refusal_never_shows_the_key():
    with pytest.raises(keys.KeyFormatError) as refusal:
        keys.load_private(bytes(KEY).hex() + "ff")
    assert bytes(KEY).hex() not in str(refusal.value)


def test_every_message_is_in_the_catalogue():
    with override("zh-hans"):
        for given, says in (("", "密钥为空"), (keys.private_text(KEY), "私钥"), (b"\0" * 65, "曲线")):
            with pytest.raises(keys.KeyFormatError) as refusal:
                keys.load_public(given)
            assert says in key_error_text(refusal.value)
