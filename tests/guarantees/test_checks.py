"""What is found before the site starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from PIL import Image


def problems() -> set[str | None]:
    return {found.id for found in run_checks()}


def test_a_seals_image_that_is_none(settings: Any, tmp_path: Path) -> None:
    image = tmp_path / "seal.png"
    Image.new("RGBA", (400, 400), (200, 20, 20, 255)).save(image)
    settings.SEAL_IMAGE = str(image)
    assert "E006" not in problems()
    image.write_bytes(b"no image")
    assert "E006" in problems()


def test_a_further_font_that_is_none(settings: Any, tmp_path: Path) -> None:
    assert "E007" not in problems()
    (tmp_path / "font.ttf").write_bytes(b"no font")
    settings.FALLBACK_FONT = (tmp_path / "font.ttf",)
    assert "E007" in problems()


@pytest.mark.django_db
def test_a_certificate_with_which_nothing_can_be_signed(institution: Any) -> None:
    def deploying() -> set[str | None]:
        return {found.id for found in run_checks(include_deployment_checks=True)}

    assert "W003" not in deploying()
    institution.TRUST_ANCHORS = ["/nowhere.pem"]
    assert "W003" in deploying()
