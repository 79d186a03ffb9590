"""Signing: what is signed can be verified, here and by others; what cannot be signed is refused with advice."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from asn1crypto import cms, core, keys, pem, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import read_certification_data
from reportlab.pdfgen.canvas import Canvas

from guarantees.letter.signature import certificates, demonstration, pades, validation
from guarantees.letter.signature import credentials as letter_credentials
from guarantees.letter.signature.credentials import CannotSign, Credentials
from protocol.crypto import keys as sm2_keys
from protocol.crypto import sm2
from protocol.crypto.keys import KeyFormatError
from staff.clock import CHINA

MADE_AT = datetime(2026, 3, 1, tzinfo=UTC)
SIGNED_AT = datetime(2026, 4, 1, 9, 30, 15, tzinfo=CHINA)
PASSPHRASE = "open sesame"
KINDS = ["RSA", "ECDSA", "SM2"]


@cache
def letter(encrypted: bool = False) -> bytes:
    """An unsigned PDF of one page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt="secret" if encrypted else None)
    canvas.drawString(100, 700, "Guarantee 2026-0001, CNY 1,000,000.00")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def credentials(kind: str, made_at: datetime = MADE_AT) -> tuple[Credentials, bytes]:
    """Credentials of the kind and the PEM of the root that vouches for them."""
    if kind == "RSA":
        content, anchor = demonstration.credentials("某某融资担保有限公司", made_at, PASSPHRASE)
        return letter_credentials.load_pkcs12(content, PASSPHRASE), anchor
    if kind == "ECDSA":
        content, anchor = ecdsa_pkcs12(made_at=made_at)
        return letter_credentials.load_pkcs12(content, PASSPHRASE), anchor
    certificate, key, anchor = sm2_pem()
    return letter_credentials.load_pem(certificate, key), anchor


@cache
def signed(kind: str) -> bytes:
    return sign(letter(), credentials(kind)[0])


def sign(content: bytes, by: Credentials, at: datetime = SIGNED_AT, box: pades.Box | None = None) -> bytes:
    return pades.sign(content, by, signed_at=at, reason="签发预付款保函", location="北京", box=box)


def ecdsa_pkcs12(usages: tuple[str, ...] = ("digital_signature",), made_at: datetime = MADE_AT) -> tuple[bytes, bytes]:
    """Root, intermediate and signer: the intermediate travels with the signature."""
    issuer_key = issuer = None
    made = []
    for name, its_usages in (("root", ("key_cert_sign",)), ("intermediate", ("key_cert_sign",)), ("signer", usages)):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = pyca.Name([pyca.NameAttribute(pyca.NameOID.ORGANIZATION_NAME, f"Test {name}")])
        builder = (
            pyca.CertificateBuilder(issuer or subject, subject, key.public_key(), pyca.random_serial_number())
            .not_valid_before(made_at)
            .not_valid_after(made_at + timedelta(days=365))
            .add_extension(pyca.BasicConstraints(ca=name != "signer", path_length=None), critical=True)
            .add_extension(
                pyca.KeyUsage(**{usage: usage in its_usages for usage in demonstration.USAGES}), critical=True
            )
        )
        made.append(builder.sign(issuer_key or key, hashes.SHA256()))
        issuer_key, issuer = key, subject
    root, intermediate, signer = made
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    content = pkcs12.serialize_key_and_certificates(b"test", key, signer, [intermediate], lock)
    return content, root.public_bytes(serialization.Encoding.PEM)


def sm2_pem() -> tuple[bytes, bytes, bytes]:
    """The signer's certificate, its key, and the root's certificate, all SM2 with SM3."""
    root_key, key = sm2.generate(), sm2.generate()
    root = sm2_certificate("国密根证书", root_key.public, "国密根证书", root_key, 1)
    certificate = sm2_certificate("某某银行股份有限公司", key.public, "国密根证书", root_key, 0xABC)
    return certificate, sm2_keys.private_text(key).encode(), root


def sm2_certificate(subject: str, public: sm2.PublicKey, issuer: str, issuer_key: sm2.PrivateKey, number: int) -> bytes:
    algorithm = {"algorithm": certificates.SM2_WITH_SM3}
    authority = subject == issuer
    usage = {"key_cert_sign"} if authority else {"digital_signature", "non_repudiation"}
    parameters = keys.ECDomainParameters(name="named", value=certificates.SM2_CURVE)
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": number,
            "signature": algorithm,
            "issuer": x509.Name.build({"common_name": issuer}),
            "validity": {
                "not_before": x509.Time({"utc_time": MADE_AT}),
                "not_after": x509.Time({"utc_time": MADE_AT + timedelta(days=365)}),
            },
            "subject": x509.Name.build({"common_name": subject}),
            "subject_public_key_info": {
                "algorithm": {"algorithm": "ec", "parameters": parameters},
                "public_key": keys.ECPointBitString(bytes(public)),
            },
            "extensions": [
                {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": authority}},
                {"extn_id": "key_usage", "critical": True, "extn_value": x509.KeyUsage(usage)},
            ],
        }
    )
    value = sm2.signature_to_der(sm2.sign(issuer_key, body.dump()))
    certificate = x509.Certificate(
        {"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": core.OctetBitString(value)}
    )
    return pem.armor("CERTIFICATE", certificate.dump())


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_is_good(kind):
    by, anchor = credentials(kind)
    found = validation.validate(signed(kind), [anchor])
    assert found.faults == ()
    assert found.signed_at == SIGNED_AT
    assert found.certificate == by.particulars


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_is_pades_and_closes_the_document(kind):
    reader = PdfFileReader(BytesIO(signed(kind)))
    (found,) = reader.embedded_signatures
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert read_certification_data(reader).permission is MDPPerm.NO_CHANGES
    attributes = {attribute["type"].native for attribute in found.signer_info["signed_attrs"]}
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}
    assert found.sig_object["/Reason"] == "签发预付款保函"
    assert found.sig_object["/Location"] == "北京"


def test_a_visible_seal_stands_where_it_is_wanted():
    by, anchor = credentials("RSA")
    content = sign(letter(), by, box=(-1, 400, 100, 500, 200))
    (found,) = PdfFileReader(BytesIO(content)).embedded_signatures
    assert found.sig_field["/Rect"] == [400, 100, 500, 200]
    assert validation.validate(content, [anchor]).faults == ()


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl command is installed")
def test_openssl_agrees_on_sm2(tmp_path):
    by, _anchor = credentials("SM2")
    (found,) = PdfFileReader(BytesIO(signed("SM2"))).embedded_signatures
    signer = cms.ContentInfo.load(found.pkcs7_content)["content"]["signer_infos"][0]
    (tmp_path / "text").write_bytes(signer["signed_attrs"].untag().dump())
    (tmp_path / "signature").write_bytes(signer["signature"].native)
    (tmp_path / "key").write_text(sm2_keys.public_pem(by.key.public))
    command = ["openssl", "dgst", "-sm3", "-verify", "key", "-sigopt", "distid:1234567812345678"]
    curves = subprocess.run(["openssl", "ecparam", "-list_curves"], capture_output=True, text=True, check=False)
    if "SM2" not in curves.stdout:
        pytest.skip("this openssl does not know SM2")
    ran = subprocess.run([*command, "-signature", "signature", "text"], cwd=tmp_path, capture_output=True, check=False)
    assert b"Verified OK" in ran.stdout, ran.stderr


def test_a_demonstration_says_that_it_is_one():
    by, anchor = credentials("RSA")
    assert "演示/DEMONSTRATION" in by.owner
    assert "演示/DEMONSTRATION" in by.particulars.issuer
    assert by.not_after - by.particulars.not_before == timedelta(days=730)
    (root,) = certificates.read_certificates(anchor)
    assert root.ca


def test_a_demonstration_bears_a_name_of_any_length():
    content, _anchor = demonstration.credentials("担保" * 60, MADE_AT)
    by = letter_credentials.load_pkcs12(content, "")
    assert by.owner.endswith("（演示/DEMONSTRATION）")
    assert len(by.owner.encode()) <= 64


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_never_shown(kind):
    by, _anchor = credentials(kind)
    assert "key" not in repr(by).lower()


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_signs_only_while_it_is_valid(kind):
    by, _anchor = credentials(kind)
    with pytest.raises(CannotSign, match="expired"):
        sign(letter(), by, by.not_after + timedelta(seconds=1))
    with pytest.raises(CannotSign, match="not yet"):
        sign(letter(), by, by.particulars.not_before - timedelta(seconds=1))
    assert sign(letter(), by, by.not_after)


def test_a_time_without_zone_is_refused():
    with pytest.raises(CannotSign, match="zone"):
        sign(letter(), credentials("RSA")[0], datetime(2026, 4, 1))  # noqa: DTZ001


@pytest.mark.parametrize("one", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_a_key_must_belong_to_its_certificate(one, other):
    certificate, key = credentials(one)[0].certificate, credentials(other)[0].key
    if one == other:
        key = ec.generate_private_key(ec.SECP256R1()) if one != "SM2" else sm2.generate()
    with pytest.raises(CannotSign, match="does not belong"):
        Credentials(certificate, key)


def test_a_certificate_for_encryption_is_refused():
    content, _anchor = ecdsa_pkcs12(usages=("key_agreement",))
    with pytest.raises(CannotSign, match="signing certificate of the pair"):
        sign(letter(), letter_credentials.load_pkcs12(content, PASSPHRASE))


@pytest.mark.parametrize("content", [b"", b"no PKCS#12", b"\x30\x82\x01\x00", ecdsa_pkcs12()[0]])
def test_a_wrong_passphrase_or_file_is_refused(content):
    with pytest.raises(CannotSign, match="Check the passphrase"):
        letter_credentials.load_pkcs12(content, "open barley")


@pytest.mark.parametrize("missing", ["certificate", "private key"])
def test_a_pkcs12_lacking_one_of_the_two_is_refused(missing):
    key, certificate = ec.generate_private_key(ec.SECP256R1()), None
    if missing == "private key":
        key, certificate = None, pyca.load_pem_x509_certificate(credentials("ECDSA")[1])
    content = pkcs12.serialize_key_and_certificates(b"test", key, certificate, None, serialization.NoEncryption())
    with pytest.raises(CannotSign, match=f"no {missing}"):
        letter_credentials.load_pkcs12(content, "")


@pytest.mark.parametrize(
    ("certificate", "key", "advice"),
    [
        (lambda: b"", b"", "no certificate"),
        (lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"", "no certificate"),
        (lambda: credentials("SM2")[1], b"", "The key is empty"),
        (lambda: credentials("SM2")[1], b"\xff", "this has 1"),
        (lambda: credentials("ECDSA")[1], b"", "no PEM key"),
    ],
    ids=["nothing", "no certificate", "no SM2 key", "binary SM2 key", "no ECDSA key"],
)
def test_unreadable_pem_is_refused(certificate, key, advice):
    with pytest.raises((CannotSign, KeyFormatError), match=advice):
        letter_credentials.load_pem(certificate(), key)


def test_keys_of_other_kinds_are_refused():
    formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with pytest.raises(CannotSign, match="Ed25519PrivateKey"):
        letter_credentials.load_pem(
            credentials("ECDSA")[1], ed25519.Ed25519PrivateKey.generate().private_bytes(*formats)
        )


def test_pem_carries_rsa_and_ecdsa_as_well():
    by, anchor = credentials("ECDSA")
    certificates = b"".join(pem.armor("CERTIFICATE", each.dump()) for each in (by.certificate, *by.chain))
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    encoded = by.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    again = letter_credentials.load_pem(certificates, encoded, PASSPHRASE)
    assert validation.validate(sign(letter(), again), [anchor]).faults == ()
    with pytest.raises(CannotSign, match="passphrase"):
        letter_credentials.load_pem(certificates, encoded)


@pytest.mark.parametrize(
    "content",
    [lambda: b"", lambda: b"no PDF", lambda: letter()[:200], lambda: letter(encrypted=True), lambda: signed("RSA")],
    ids=["nothing", "garbage", "cut", "encrypted", "signed"],
)
def test_only_a_whole_plain_unsigned_pdf_is_signed(content):
    with pytest.raises(CannotSign, match="neither encrypted nor signed"):
        sign(content(), credentials("RSA")[0])


def test_a_seal_needs_its_page():
    with pytest.raises(CannotSign):
        sign(letter(), credentials("RSA")[0], box=(7, 0, 0, 100, 100))


def test_only_the_certificates_that_lead_to_the_root_go_into_the_letter():
    """A file often holds more, such as the certificate of the pair's encryption key."""
    by, anchor = credentials("ECDSA")
    stranger = certificates.read_certificates(credentials("RSA")[1])
    more = Credentials(by.certificate, by.key, (*stranger, *by.chain))
    assert more.chain == by.chain
    assert validation.validate(sign(letter(), more), [anchor]).faults == ()


def test_a_certificate_without_an_end_has_its_last_day_in_china_too():
    key, name = ec.generate_private_key(ec.SECP256R1()), pyca.Name([])
    endless = (
        pyca.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(MADE_AT)
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    (certificate,) = certificates.read_certificates(endless.public_bytes(serialization.Encoding.PEM))
    last = certificates.describe(certificate).not_after.astimezone(CHINA)
    assert (last.year, last.month, last.day) == (9999, 12, 31)


def test_no_length_of_a_signature_has_all_serialised_anew(monkeypatch):
    """A header that ends in the octet 80 is not of indefinite length: with a timestamp below it, that cost seconds."""
    forced, dump = [], cms.CMSAttributes.dump
    monkeypatch.setattr(cms.CMSAttributes, "dump", lambda self, force=False: forced.append(force) or dump(self, force))
    signer = credentials("ECDSA")[0].signer()
    attributes = cms.CMSAttributes([{"type": "message_digest", "values": [bytes(32)]}])
    lengths = set()
    for size in range(300, 560):
        made = signer.signer_info("sha256", attributes, bytes(size))
        first = made.dump()
        assert made.dump() == first
        lengths.add(first[3])
    assert len(lengths) == 256
    assert True not in forced
