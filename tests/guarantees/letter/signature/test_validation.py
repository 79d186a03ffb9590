"""Verification: only a whole, unchanged letter whose signer an anchor vouches for is good; nothing makes it fail."""

import gc
import logging
import sys
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from asn1crypto import cms
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.functions import sign_pdf
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

from guarantees.letter.signature import certificates, pades, validation
from guarantees.letter.signature import credentials as letter_credentials
from guarantees.letter.signature.fault_texts import FAULT_TEXTS
from guarantees.letter.signature.faults import Fault
from tests.guarantees.letter.signature.test_signature import (
    KINDS,
    MADE_AT,
    SIGNED_AT,
    credentials,
    ecdsa_pkcs12,
    letter,
    sign,
    signed,
    sm2_pem,
)


def faults(content: bytes, *anchors: bytes) -> tuple[Fault, ...]:
    return validation.validate(content, anchors).faults


def changed(content: bytes, position: int, bits: int = 1) -> bytes:
    return content[:position] + bytes([content[position] ^ bits]) + content[position + 1 :]


def redigited(content: bytes, position: int) -> bytes:
    """Another hex digit at `position`."""
    return content[:position] + (b"1" if content[position] == ord("0") else b"0") + content[position + 1 :]


def contents(kind: str) -> tuple[int, int]:
    """Where the signature's hex begins and ends, its padding left out."""
    start = signed(kind).index(b"/Contents <") + len(b"/Contents <")
    message = cms.ContentInfo.load(bytes.fromhex(signed(kind)[start : signed(kind).index(b">", start)].decode()))
    return start, start + 2 * len(message.dump())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("percent", [*range(0, 100, 8), 100])
def test_a_changed_byte_is_found(kind, percent):
    content = signed(kind)
    position = min(len(content) * percent // 100, len(content) - 1)
    assert faults(changed(content, position), credentials(kind)[1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("permille", range(0, 1001, 50))
def test_a_changed_byte_of_the_signature_is_found(kind, permille):
    start, end = contents(kind)
    position = min(start + (end - start) * permille // 1000, end - 1)
    assert faults(redigited(signed(kind), position), credentials(kind)[1])
    assert faults(changed(signed(kind), position), credentials(kind)[1])


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_of_the_parts_that_nothing_signs_can_be_changed(kind):
    """The envelope's head, the signer's identifiers at its end, and the padding behind it."""
    start, end = contents(kind)
    for position in (*range(start, start + 90), end + 1, end + 300):
        bits = 1 << 2 * (position % 2)
        assert faults(changed(signed(kind), position, bits), credentials(kind)[1]), position


def test_changed_content_is_named_as_such():
    position = signed("RSA").index(b"stream") + 10
    assert faults(changed(signed("RSA"), position), credentials("RSA")[1]) == (Fault.CHANGED,)


def test_a_changed_signature_is_named_as_such():
    _start, end = contents("RSA")
    assert faults(redigited(signed("RSA"), end - 100), credentials("RSA")[1]) == (Fault.FORGED,)


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\0", b"% comment\n"])
def test_appended_bytes_are_found(tail):
    assert Fault.NOT_WHOLE in faults(signed("RSA") + tail, credentials("RSA")[1])


def test_a_second_end_of_the_file_is_found():
    assert faults(signed("RSA") + b"%%EOF\n", credentials("RSA")[1]) == (Fault.MALFORMED,)


def test_an_incremental_update_is_found():
    writer = IncrementalPdfFileWriter(BytesIO(signed("RSA")))
    writer.root["/PageMode"] = NameObject("/UseOutlines")
    writer.update_root()
    updated = BytesIO()
    writer.write(updated)
    assert updated.getvalue().startswith(signed("RSA"))
    found = validation.validate(updated.getvalue(), [credentials("RSA")[1]])
    assert Fault.NOT_WHOLE in found.faults
    assert found.certificate == credentials("RSA")[0].particulars


def test_the_last_signature_counts():
    """It alone covers the file: a stranger's after ours makes a stranger's file of it, ours after his makes it ours."""
    by, anchor = credentials("RSA")
    stranger, his_anchor = credentials("ECDSA")
    both = approved(approved(letter(), by, "Ours"), stranger, "His")
    assert faults(both, anchor) == (Fault.UNTRUSTED,)
    assert faults(both, his_anchor) == ()
    both = approved(approved(letter(), stranger, "His"), by, "Ours")
    assert faults(both, anchor) == ()


def approved(content: bytes, by: letter_credentials.Credentials, field: str) -> bytes:
    """Signed without certifying, so that a second signature is possible."""
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, signer_key_usage=set())
    with time_machine.travel(SIGNED_AT):
        signed_twice = sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), metadata, by.signer())
    return signed_twice.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_a_foreign_anchor_vouches_for_nobody(kind):
    foreign = [credentials(other)[1] for other in KINDS if other != kind]
    found = validation.validate(signed(kind), foreign)
    assert found.faults == (Fault.UNTRUSTED,)
    assert found.certificate == credentials(kind)[0].particulars
    assert found.signed_at == SIGNED_AT
    assert faults(signed(kind)) == (Fault.UNTRUSTED,)
    assert faults(signed(kind), *foreign, credentials(kind)[1]) == ()


def test_an_anchor_of_the_same_name_and_another_key_vouches_for_nobody():
    assert faults(signed("SM2"), sm2_pem()[2]) != ()
    assert faults(signed("ECDSA"), ecdsa_pkcs12()[1]) != ()


def test_several_anchors_may_stand_in_one_file():
    assert faults(signed("SM2"), b"".join(credentials(kind)[1] for kind in KINDS)) == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("years", [0, 30])
def test_what_counts_is_the_signing_time(kind, years):
    """A letter outlives its certificate: a signature made on the certificate's last day stays good."""
    by, anchor = credentials(kind)
    content = sign(letter(), by, by.not_after - timedelta(seconds=1))
    with time_machine.travel(by.not_after + timedelta(days=365 * years + 1)):
        found = validation.validate(content, [anchor])
    assert found.faults == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_from_outside_the_certificates_time_is_refused(kind, monkeypatch):
    monkeypatch.setattr(pades, "check", lambda *_: None)
    by, anchor = credentials(kind)
    for at in (by.not_after + timedelta(days=1), MADE_AT - timedelta(days=1)):
        assert faults(sign(letter(), by, at), anchor) == (Fault.OUT_OF_DATE,)


def test_a_certificate_for_other_uses_is_refused(monkeypatch):
    monkeypatch.setattr(pades, "check", lambda *_: None)
    content, anchor = ecdsa_pkcs12(usages=("key_agreement",))
    assert faults(sign(letter(), letter_credentials.load_pkcs12(content, "open sesame")), anchor) == (Fault.UNFIT,)


def test_the_certificates_fields_are_read():
    found = validation.validate(signed("SM2"), [credentials("SM2")[1]])
    assert found.certificate == certificates.Certificate(
        serial_number="0ABC",
        owner="某某银行股份有限公司",
        not_before=MADE_AT,
        not_after=MADE_AT + timedelta(days=365),
        issuer="国密根证书",
    )
    assert validation.validate(signed("ECDSA"), []).certificate.owner == "Test signer"  # its organisation: no CN


def test_an_unsigned_letter_is_named_as_such():
    assert validation.validate(letter(), [credentials("RSA")[1]]) == validation.Validation((Fault.UNSIGNED,))


def test_an_encrypted_letter_is_named_as_such():
    assert faults(letter(encrypted=True)) == (Fault.ENCRYPTED,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 10_000,
        b"%PDF-",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF",
        b"%PDF-1.7\ntrailer\n<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"A" * 2_000_000 + b"\n%%EOF",
        b"PK\x03\x04" + bytes(1000),
        b"<html>%PDF-1.7</html>",
    ],
    ids=["nothing", "zeros", "head", "head and end", "far", "loop", "deep", "huge", "zip", "html"],
)
def test_what_is_no_pdf_is_named_as_such(content):
    assert faults(content, credentials("RSA")[1]) == (Fault.NO_PDF,)


def test_what_swells_beyond_all_measure_is_no_pdf_either():
    bomb = (
        b"%PDF-1.5\n1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length 1>>stream\n"
        + zlib.compress(bytes(300_000_000), 1)
        + b"\nendstream endobj\nstartxref\n9\n%%EOF"
    )
    assert faults(bomb, credentials("RSA")[1]) == (Fault.NO_PDF,)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_letter_is_never_good(kind):
    content = signed(kind)
    for length in range(0, len(content), 193):
        found = validation.validate(content[:length], [credentials(kind)[1]])
        assert found.faults, length


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (b"/M (D\\0722026", b"/M (D\\07220x6"),
        (b"/M (D\\0722026", b"/N (D\\0722026"),
        (b"/ETSI.CAdES.detached", b"/ETSI.CAdES.detachee"),
        (b"/ByteRange [0 ", b"/ByteRange [9 "),
        (b"/ByteRange [0 ", b"/ByteRange (0 "),
        (b"/Contents <30", b"/Contents <31"),
        (b"/Contents <30", b"/Contents <zz"),
        (b"/Type /Sig\n", b"/Type /Sog\n"),
        (b"/FT /Sig", b"/FT /Sog"),
    ],
)
def test_a_mangled_signature_dictionary_is_never_good(what, instead):
    content = signed("RSA")
    assert what in content
    assert faults(content.replace(what, instead), credentials("RSA")[1])


def test_the_time_needs_its_zone():
    content = signed("RSA")
    start = content.index(b"/M (D") + len(b"/M (D\\07220260401093015")
    end = content.index(b")", start)
    without = content[:start] + b")" + b" " * (end - start) + content[end + 1 :]
    found = validation.validate(without, [credentials("RSA")[1]])
    assert Fault.UNTIMED in found.faults
    assert found.signed_at is None


def test_every_fault_has_its_text():
    assert list(FAULT_TEXTS) == list(Fault)


def test_an_anchor_that_is_none_is_an_error_of_ours():
    with pytest.raises(ValueError, match="PEM"):
        validation.validate(signed("RSA"), [b"no certificate"])


def test_the_libraries_are_silent_in_our_calls_alone(caplog):
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    before = [logger.level for logger in loggers]
    for content in (b"%PDF-1.7", signed("RSA"), signed("RSA") + b"\n", changed(signed("RSA"), 3000)):
        faults(content)
    assert not caplog.records
    assert [logger.level for logger in loggers] == before


def test_a_file_is_not_held_when_it_is_validated():
    content = bytes(bytearray(signed("RSA")))
    gc.disable()  # so that nothing looks for objects that refer to each other
    try:
        before = sys.getrefcount(content)
        assert faults(content, credentials("RSA")[1]) == ()
        assert sys.getrefcount(content) == before
    finally:
        gc.enable()


def test_the_signature_is_found_by_pyhanko_itself():
    (found,) = PdfFileReader(BytesIO(signed("SM2"))).embedded_signatures
    assert found.md_algorithm == certificates.SM3
    assert found.signer_info["signature_algorithm"]["algorithm"].native == certificates.SM2_WITH_SM3
