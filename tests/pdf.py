"""What a PDF says to whoever copies its text."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest


def text_of(content: bytes) -> str:
    """Without its blanks and line ends."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, and nothing else here reads a PDF's text")
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())
