"""Draws the pictures of docs/letter.md: each kind of letter's first page, and a last page with its seal.

Run: python -m tests.pictures
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDE = 700
COLOURS = 128
SERIAL_NUMBER = "6F2C91D04E7A83B5"  # a picture is the same each time; the certificate's own number is not


def main() -> None:
    from guarantees.letter.signature import credentials, demonstration, pades
    from guarantees.letter.typesetting import pages, seal
    from guarantees.letter.typesetting.fonts import typeface
    from guarantees.letter.wording import wordings
    from guarantees.letter.wording.particulars import Particulars
    from staff.trade_words import InstitutionKind
    from tests.guarantees.letter.conftest import FONTS, GIVEN, WORDINGS

    face = typeface(FONTS)
    names = {
        InstitutionKind.BANK: "浙江安信银行股份有限公司",
        InstitutionKind.GUARANTEE_COMPANY: "浙江安信融资担保有限公司",
        InstitutionKind.INSURER: "浙江安信财产保险股份有限公司",
    }
    for kind, name in names.items():
        issued = GIVEN["issued_at"]
        content, _authority = demonstration.credentials(name, issued - timedelta(days=1))
        signer = credentials.load_pkcs12(content, "")
        changes = {"institution_kind": kind, "institution_name": name, "demonstration": True}
        changes |= {"certificate_owner": signer.owner, "certificate_number": SERIAL_NUMBER}
        words = wordings.newest(WORDINGS, wordings.letter_kind(kind))
        drawn = pages.draw(Particulars(**GIVEN | changes), words, face=face)
        look = seal.demonstration_seal(name, face)
        given = {"signed_at": issued, "reason": "出具预付款保函", "location": "中国", "box": drawn.seal}
        letter = pades.sign(drawn.content, signer, **given, seal=look)
        save(letter, 1, f"letter-{words.kind}")
        if kind is InstitutionKind.GUARANTEE_COMPANY:
            save(letter, drawn.seal.page + 1, "letter-seal")


def save(letter: bytes, page: int, name: str) -> None:
    one = ["-f", str(page), "-l", str(page), "-scale-to-x", str(WIDE), "-scale-to-y", "-1"]
    command = ["pdftoppm", *one, "-png", "-"]
    shown = Image.open(BytesIO(subprocess.run(command, input=letter, capture_output=True, check=True).stdout))
    shown.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    IMAGES.mkdir(exist_ok=True)
    sys.exit(main())
