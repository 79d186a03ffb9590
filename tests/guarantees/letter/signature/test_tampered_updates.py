"""Nothing can be added behind a letter's signature: what anybody's PDF library can do to it is refused."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.guarantees.letter.signature.letters import issued
from tests.guarantees.letter.signature.tampering import faults
from tests.guarantees.letter.signature.test_signature import KINDS

Writer = IncrementalPdfFileWriter
OTHER = b"BT /F1 20 Tf 100 700 Td (CNY 99,000,000.00) Tj ET"


def updated(content: bytes, change: Callable[[Writer], object]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(content)
    assert PdfFileReader(output).total_revisions == PdfFileReader(BytesIO(content)).total_revisions + 1
    return output.getvalue()


def first_page(writer: Writer) -> DictionaryObject:
    page: DictionaryObject = writer.root["/Pages"]["/Kids"][0]
    return page


def field(writer: Writer) -> DictionaryObject:
    found: DictionaryObject = writer.root["/AcroForm"]["/Fields"][0]
    return found


def named(**entries: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


# --- Incremental updates ----------------------------------------------------------------------------------------------


def content_replaced(writer: Writer) -> None:
    page = first_page(writer)
    page["/Contents"] = writer.add_object(StreamObject(stream_data=OTHER))
    writer.update_container(page)


def content_overwritten(writer: Writer) -> None:
    """Under the number of the old content."""
    stream = first_page(writer)["/Contents"]
    stream._data, stream._encoded_data = OTHER, None
    writer.update_container(stream)


def content_added(writer: Writer) -> None:
    page = first_page(writer)
    more = writer.add_object(StreamObject(stream_data=OTHER))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)


def annotation_added(writer: Writer) -> None:
    page = first_page(writer)
    page["/Annots"] = ArrayObject([writer.add_object(note())])
    writer.update_container(page)


def note() -> DictionaryObject:
    rectangle = ArrayObject(NumberObject(edge) for edge in (100, 100, 400, 200))
    text = generic.pdf_string("最高保证金额：人民币玖仟玖佰万元整")
    return named(Type=NameObject("/Annot"), Subtype=NameObject("/FreeText"), Rect=rectangle, Contents=text)


def page_added(writer: Writer) -> None:
    box = ArrayObject(NumberObject(edge) for edge in (0, 0, 595, 842))
    content = writer.add_object(StreamObject(stream_data=OTHER))
    writer.insert_page(named(Type=NameObject("/Page"), MediaBox=box, Contents=content, Resources=named()))


def page_removed(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    del pages["/Kids"][0]
    pages["/Count"] = NumberObject(2)
    writer.update_container(pages)


def pages_exchanged(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"][0], pages["/Kids"][1] = pages["/Kids"].raw_get(1), pages["/Kids"].raw_get(0)
    writer.update_container(pages)


def open_action_added(writer: Writer) -> None:
    script = named(S=NameObject("/JavaScript"), JS=generic.pdf_string("app.alert('paid')"))
    writer.root["/OpenAction"] = writer.add_object(script)
    writer.update_root()


def metadata_changed(writer: Writer) -> None:
    writer.trailer["/Info"]["/Title"] = generic.pdf_string("预付款保函 GD202600000002")
    writer.update_container(writer.trailer["/Info"])


def xmp_added(writer: Writer) -> None:
    kind = {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    writer.root["/Metadata"] = writer.add_object(StreamObject(dict_data=kind, stream_data=b"<x/>"))
    writer.update_root()


def form_field_added(writer: Writer) -> None:
    text = named(FT=NameObject("/Tx"), T=generic.pdf_string("Amount"), V=generic.pdf_string("99,000,000.00"))
    writer.root["/AcroForm"]["/Fields"].append(writer.add_object(text))
    writer.update_container(writer.root["/AcroForm"])


def signature_field_added(writer: Writer) -> None:
    """Empty, for somebody else to sign, with something to see over the page (sneaky signatures)."""
    empty = note()
    empty.update(named(Subtype=NameObject("/Widget"), FT=NameObject("/Sig"), T=generic.pdf_string("Second")))
    writer.root["/AcroForm"]["/Fields"].append(writer.add_object(empty))
    writer.update_container(writer.root["/AcroForm"])


def form_replaced(writer: Writer) -> None:
    writer.root["/AcroForm"] = writer.add_object(named(Fields=ArrayObject(), SigFlags=NumberObject(3)))
    writer.update_root()


def form_removed(writer: Writer) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


def permissions_removed(writer: Writer) -> None:
    """Without them nothing forbids changes any more."""
    del writer.root["/Perms"]
    writer.update_root()


def seal_replaced(writer: Writer) -> None:
    del field(writer)["/AP"]
    writer.update_container(field(writer))


def fonts_replaced(writer: Writer) -> None:
    """Another typeface makes other figures of the same letters."""
    resources = first_page(writer)["/Resources"]
    base = named(Type=NameObject("/Font"), Subtype=NameObject("/Type1"), BaseFont=NameObject("/ZapfDingbats"))
    resources["/Font"] = DictionaryObject({name: writer.add_object(base) for name in resources["/Font"]})
    writer.update_container(resources)


def nothing_but_the_update(writer: Writer) -> None:
    writer.update_root()


UPDATES = [
    *(content_replaced, content_overwritten, content_added, annotation_added, page_added, page_removed),
    *(pages_exchanged, open_action_added, metadata_changed, xmp_added, form_field_added),
    *(
        signature_field_added,
        form_replaced,
        form_removed,
        permissions_removed,
        seal_replaced,
        fonts_replaced,
        nothing_but_the_update,
    ),
]


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("change", UPDATES)
def test_an_incremental_update_is_refused(change: Callable[[Writer], None], key: str) -> None:
    assert faults(updated(issued(key), change), key)
