"""Nobody else's signature passes for ours: strangers' in its place and over it, ours from another letter, and messages
whose unsigned parts were exchanged."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine
from asn1crypto import cms, core, x509
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.functions import sign_pdf
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

from guarantees.letter.signature import certificates, validation
from guarantees.letter.signature.faults import Fault
from tests.guarantees.letter.signature.authorities import Authority, Key, credentials_of, generate, raw_signature
from tests.guarantees.letter.signature.letters import drawn, issued, sign
from tests.guarantees.letter.signature.tampering import faults, message, signed_bytes, with_message
from tests.guarantees.letter.signature.test_signature import KINDS, PASSPHRASE, SIGNED_AT, credentials, ecdsa_pkcs12
from tests.guarantees.letter.signature.test_tampered_updates import updated

# --- Strangers, and our signature elsewhere ---------------------------------------------------------------------------


@pytest.mark.parametrize("key", KINDS)
def test_a_stranger_of_the_same_names_is_refused(key: str) -> None:
    """His authority calls itself what ours does, and his certificate says what ours does."""
    stranger, his_anchor = credentials.__wrapped__(key)
    content = sign(drawn(), stranger)
    assert validation.validate(content, [his_anchor]).faults == ()
    assert faults(content, key)


@pytest.mark.parametrize("key", KINDS)
def test_our_signature_on_another_letter_is_refused(key: str) -> None:
    elsewhere = issued(key, number="GD202600000002")
    assert faults(elsewhere, key) == ()
    assert faults(with_message(elsewhere, message(issued(key))), key) == (Fault.CHANGED,)


def by_a_stranger(content: bytes) -> bytes:
    """His signature on top; what forbids it is taken out of the way."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root.pop("/Perms", None)
    writer.update_root()
    metadata = PdfSignatureMetadata(field_name="Second", subfilter=SigSeedSubFilter.PADES, signer_key_usage=set())
    signer = SimpleSigner.load_pkcs12_data(ecdsa_pkcs12()[0], [], PASSPHRASE.encode())
    with time_machine.travel(SIGNED_AT):
        return bytes(sign_pdf(writer, metadata, signer).getvalue())


@pytest.mark.parametrize("key", KINDS)
def test_a_strangers_signature_on_top_of_ours_is_refused(key: str) -> None:
    content = by_a_stranger(issued(key))
    assert content.startswith(issued(key))
    assert faults(content, key)


def embedded(content: bytes, field: str, content_info: cms.ContentInfo) -> bytes:
    """A signature field with that message in it, whatever it signs."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    steps: Any = PdfCMSEmbedder().write_cms(field_name=field, writer=writer)
    next(steps)
    size = 2 * len(content_info.dump()) + 200
    steps.send(SigObjSetup(SignatureObject(SIGNED_AT, SigSeedSubFilter.PADES, bytes_reserved=size)))
    _digest, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    steps.send(content_info.dump())
    return bytes(output.getvalue())


@pytest.mark.parametrize("key", KINDS)
def test_our_signature_once_more_on_top_of_ours_is_refused(key: str) -> None:
    """A second field that covers the whole file, an update included, with a copy of our message in it."""
    assert faults(embedded(issued(key), "Second", message(issued(key))), key)


@pytest.mark.parametrize("key", KINDS)
def test_our_signature_in_two_fields_is_refused(key: str) -> None:
    def second_field(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        same = DictionaryObject({NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): pdf_string("Second")})
        same[NameObject("/V")] = form["/Fields"][0].raw_get("/V")
        form["/Fields"].append(writer.add_object(same))
        writer.update_container(form)

    assert faults(updated(issued(key), second_field), key)


@pytest.mark.parametrize("key", KINDS)
def test_a_message_that_carries_what_it_signs_is_refused(key: str) -> None:
    """It vouches for the letter within it, whatever the file around it says."""
    carrying = message(issued(key))
    carrying["content"]["encap_content_info"]["content"] = core.OctetString(signed_bytes(issued(key)))
    elsewhere = drawn(number="GD202600000002").content
    assert faults(embedded(elsewhere, "Guarantor", carrying), key)


# --- The parts of the message that nothing signs ----------------------------------------------------------------------


@cache
def house(kind: str) -> tuple[Authority, Key, x509.Certificate, bytes]:
    """Our authority, our key and certificate, and a letter signed with it."""
    authority, key = Authority(kind), generate(kind)
    certificate = authority.certify(key)
    return authority, key, certificate, sign(drawn(), credentials_of(certificate, key))


@cache
def stranger(kind: str) -> tuple[Authority, Key, x509.Certificate]:
    """Somebody else of the same names."""
    authority, key = Authority(kind), generate(kind)
    return authority, key, authority.certify(key)


def faults_of(kind: str, content_info: cms.ContentInfo) -> tuple[Fault, ...]:
    """The house's letter with another message, validated by whoever trusts its authority."""
    authority, _key, _certificate, genuine = house(kind)
    content = with_message(genuine, content_info)
    assert content != genuine
    return validation.validate(content, [authority.anchor]).faults


@pytest.mark.parametrize("kind", KINDS)
def test_the_house_signs_as_it_should(kind: str) -> None:
    authority, _key, _certificate, content = house(kind)
    assert validation.validate(content, [authority.anchor]).faults == ()


def another_authoritys(kind: str) -> x509.Certificate:
    return stranger(kind)[2]


def another_authoritys_for_our_key(kind: str) -> x509.Certificate:
    return stranger(kind)[0].certify(house(kind)[1])


def ours_for_another_key(kind: str) -> x509.Certificate:
    return house(kind)[0].certify(generate(kind))


def ours_for_longer(kind: str) -> x509.Certificate:
    """Our authority's, for our key, under the same number: only what it says of the time differs."""
    return house(kind)[0].certify(house(kind)[1], days=3000)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "certificate", [another_authoritys, another_authoritys_for_our_key, ours_for_another_key, ours_for_longer]
)
def test_a_certificate_of_the_same_name_in_its_place_is_refused(
    certificate: Callable[[str], x509.Certificate], kind: str
) -> None:
    exchanged = message(house(kind)[3])
    exchanged["content"]["certificates"] = [certificate(kind)]
    assert faults_of(kind, exchanged)


def resigned(kind: str) -> cms.ContentInfo:
    """A stranger's message over the very bytes that we signed."""
    _authority, key, certificate = stranger(kind)
    forged = message(house(kind)[3])
    signer = signer_of(forged)
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_certificate_v2":
            attribute["values"][0]["certs"][0]["cert_hash"] = sha256(certificate.dump()).digest()
    signer["signature"] = raw_signature(key, signer["signed_attrs"].untag().dump())
    forged["content"]["certificates"] = [certificate]
    return forged


@pytest.mark.parametrize("kind", KINDS)
def test_a_strangers_message_over_our_bytes_is_refused(kind: str) -> None:
    content = with_message(house(kind)[3], resigned(kind))
    assert validation.validate(content, [house(kind)[0].anchor]).faults
    assert validation.validate(content, [stranger(kind)[0].anchor]).faults == ()


def signer_of(content_info: cms.ContentInfo) -> cms.SignerInfo:
    signer: cms.SignerInfo = content_info["content"]["signer_infos"][0]
    return signer


def signer_added_behind(content_info: cms.ContentInfo, kind: str) -> None:
    content_info["content"]["signer_infos"].append(signer_of(resigned(kind)))


def signer_added_before(content_info: cms.ContentInfo, kind: str) -> None:
    content_info["content"]["signer_infos"] = [signer_of(resigned(kind)), signer_of(content_info)]


def signer_removed(content_info: cms.ContentInfo, kind: str) -> None:
    content_info["content"]["signer_infos"] = []


def certificates_removed(content_info: cms.ContentInfo, kind: str) -> None:
    content_info["content"]["certificates"] = []


def signature_zeroed(content_info: cms.ContentInfo, kind: str) -> None:
    signer_of(content_info)["signature"] = bytes(len(signer_of(content_info)["signature"].native))


def signature_emptied(content_info: cms.ContentInfo, kind: str) -> None:
    signer_of(content_info)["signature"] = b""


def attributes_removed(content_info: cms.ContentInfo, kind: str) -> None:
    signer = signer_of(content_info)
    names = ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")
    content_info["content"]["signer_infos"] = [{name: signer[name] for name in names}]


def attribute_removed(content_info: cms.ContentInfo, kind: str) -> None:
    """The one that names the certificate."""
    signer = signer_of(content_info)
    kept = [attribute for attribute in signer["signed_attrs"] if attribute["type"].native != "signing_certificate_v2"]
    signer["signed_attrs"] = cms.CMSAttributes(kept)


def digest_named_otherwise(content_info: cms.ContentInfo, kind: str) -> None:
    signer_of(content_info)["digest_algorithm"] = {"algorithm": "sha512"}


def digests_named_otherwise(content_info: cms.ContentInfo, kind: str) -> None:
    digest_named_otherwise(content_info, kind)
    content_info["content"]["digest_algorithms"] = [{"algorithm": "sha512"}]


def algorithm_named_otherwise(content_info: cms.ContentInfo, kind: str) -> None:
    other = {"RSA": "sha512_rsa", "ECDSA": certificates.SM2_WITH_SM3, "SM2": "sha256_ecdsa"}[kind]
    signer_of(content_info)["signature_algorithm"] = {"algorithm": other}


def content_carried(content_info: cms.ContentInfo, kind: str) -> None:
    content_info["content"]["encap_content_info"]["content"] = core.OctetString(b"anything")


EXCHANGES = [
    *(signer_added_behind, signer_added_before, signer_removed, certificates_removed, signature_zeroed),
    *(signature_emptied, attributes_removed, attribute_removed, digest_named_otherwise, digests_named_otherwise),
    *(algorithm_named_otherwise, content_carried),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_message_that_was_changed_is_refused(exchange: Callable[[cms.ContentInfo, str], None], kind: str) -> None:
    changed = message(house(kind)[3])
    exchange(changed, kind)
    assert faults_of(kind, changed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_more_is_refused(kind: str) -> None:
    changed = message(house(kind)[3])
    authority, key, _certificate = stranger("ECDSA")
    changed["content"]["certificates"] = [house(kind)[2], authority.certify(key, number=0xDEF)]
    assert faults_of(kind, changed)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unsigned_attribute_more_is_refused(kind: str) -> None:
    changed = message(house(kind)[3])
    attribute = cms.CMSAttribute({"type": "1.2.156.10197.1.999", "values": [core.OctetString(b"anything")]})
    signer_of(changed)["unsigned_attrs"] = [attribute]
    assert faults_of(kind, changed)
