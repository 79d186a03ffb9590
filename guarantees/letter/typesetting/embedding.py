"""A TrueType font as a letter carries it: one subset, two bytes a character, each with its way back to Unicode.

reportlab's own way is a font for every 256 characters, which is larger, and a way back that ends at U+FFFF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from struct import pack

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFStream, PDFString, PDFZCompress
from reportlab.pdfbase.ttfonts import TTFont

BLOCK = 100  # as many entries as a part of the map to Unicode may have
FULL_WIDTH = 1000
SUBSET_TAG = "AAAAA"  # and a letter for the font: its name must not be that of a whole font, nor of another subset
NOTHING = 0  # what a font begins with: the shape for characters that it lacks, which no letter shows

TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class _Shapes:
    """The table of all shapes, 12 MB, of which reportlab wants slices: a copy of each, and not of the whole before."""

    def __init__(self, file: bytes, start: int) -> None:
        self.file, self.start = file, start

    def __getitem__(self, place: slice) -> bytes:
        return self.file[self.start + place.start : self.start + place.stop]


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """The methods are those by which reportlab's canvas and document use a font."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        face, table = self.face, self.face.get_table
        start, _length = face.get_table_pos("glyf")
        face.get_table = lambda tag: _Shapes(face._ttf_data, start) if tag == "glyf" else table(tag)

    def splitString(self, text: str, doc: PDFDocument, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """The text's codes, all in the one subset; a character's code is its place among those that were drawn."""
        codes = self.state.setdefault(doc, {})
        return [(0, b"".join(pack(">H", codes.setdefault(ord(each), len(codes) + 1)) for each in text))]

    def getSubsetInternalName(self, subset: int, doc: PDFDocument) -> str:  # noqa: N802
        """Its name within the document, which thereby comes to hold it."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        return str(doc.fontMapping[self.fontName])

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802
        """Write the font with the characters that were drawn."""
        drawn = [NOTHING, *self.state.pop(doc, {})]
        internal = doc.fontMapping[self.fontName].removeprefix("/F")
        name = f"{SUBSET_TAG}{chr(ord('A') + int(internal))}+{self.face.name.decode()}"
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": PDFName(name),
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": self.face.addSubsetObjects(doc, name, drawn),
                "DW": FULL_WIDTH,
                "W": PDFArray([*_widths([self.face.getCharWidth(character) for character in drawn])]),
                "CIDToGIDMap": _stream(doc, self._places(drawn), f"places:{name}"),
            }
        )
        whole = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": PDFName(name),
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(font, f"descendant:{name}")]),
                "ToUnicode": _stream(doc, _to_unicode(drawn[1:]).encode(), f"unicode:{name}"),
            }
        )
        doc.idToObject["BasicFonts"].dict[f"F{internal}"] = doc.Reference(whole, f"font:{name}")

    def _places(self, drawn: Sequence[int]) -> bytes:
        """Where in the subset each code's glyph stands: characters of one shape share theirs."""
        glyphs = [self.face.charToGlyph[character] if character != NOTHING else 0 for character in drawn]
        order = {glyph: place for place, glyph in enumerate(dict.fromkeys(glyphs))}
        return pack(f">{len(glyphs)}H", *(order[glyph] for glyph in glyphs))


def _widths(widths: Sequence[float]) -> Iterator[object]:
    """Each run of characters that are not as wide as high: where it begins, and the widths."""
    run: list[float] = []
    for code, width in enumerate([*widths, FULL_WIDTH]):
        if width != FULL_WIDTH:
            run.append(width)
        elif run:
            yield code - len(run)
            yield PDFArray(run)
            run = []


def _to_unicode(characters: Sequence[int]) -> str:
    entries = [
        f"<{code:04X}> <{chr(character).encode('utf-16-be').hex()}>" for code, character in enumerate(characters, 1)
    ]
    blocks = [entries[start : start + BLOCK] for start in range(0, len(entries), BLOCK)]
    return TO_UNICODE.format("\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks))


def _stream(doc: PDFDocument, content: bytes, name: str) -> object:
    return doc.Reference(PDFStream(content=content, filters=[PDFZCompress]), name)
