"""What one platform does differently where the specification is silent; the defaults are our reading of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import NamedTuple


class Choice(NamedTuple):
    """One matter: its name, what it is about, and its possible values, the default first."""

    name: str
    about: str
    values: tuple[str, ...]


#: Freshness is any number of minutes in this range; the other matters have a few values each.
FRESHNESS_RANGE = range(1, 24 * 60 + 1)

CHOICES = (
    Choice(
        "signed",
        "what the signature covers: data as it stands in the envelope, or its plaintext",
        ("data", "plaintext"),
    ),
    Choice("sm2_layout", "order of an SM2 ciphertext's parts, or ASN.1 of GM/T 0009", ("C1C3C2", "C1C2C3", "DER")),
    Choice("sm2_prefix", "whether C1 begins with 04", ("yes", "no")),
    Choice("sm2_text", "how a ciphertext is written", ("base64", "hex")),
    Choice("sm4_mode", "mode of digital envelopes; in CBC the IV stands in front", ("ecb", "cbc")),
    Choice(
        "claims",
        "whether a demand's project and supplier must be its guarantee's (201, 204)",
        ("lenient", "strict"),
    ),
    Choice("refusal", "what is sent where an invalidation request (PREP107) is refused", ("silent", "prep108")),
)
FRESHNESS = "freshness"


class DialectError(ValueError):
    """A setting that no dialect has, or a value that it cannot take."""


@dataclass(frozen=True)
class Dialect:
    """One platform's choices; each is a value of CHOICES, `freshness` a number of minutes."""

    signed: str = "data"
    sm2_layout: str = "C1C3C2"
    sm2_prefix: str = "yes"
    sm2_text: str = "base64"
    sm4_mode: str = "ecb"
    claims: str = "lenient"
    refusal: str = "silent"
    freshness: int = 10

    @classmethod
    def from_mapping(cls, settings: Mapping[str, object]) -> Dialect:
        """The dialect with these settings and the defaults for the rest, or DialectError."""
        known = {choice.name: choice for choice in CHOICES}
        chosen: dict[str, str | int] = {}
        for name, value in settings.items():
            text = str(value)
            if name == FRESHNESS:
                if not text.isascii() or not text.isdigit() or int(text) not in FRESHNESS_RANGE:
                    raise DialectError(f"freshness is {text!r}; it takes 1 to {FRESHNESS_RANGE[-1]} minutes.")
                chosen[name] = int(text)
            elif name not in known:
                raise DialectError(f"There is no dialect setting {name!r}; there are {', '.join([*known, FRESHNESS])}.")
            elif text not in known[name].values:
                raise DialectError(f"{name} is {text!r}; it takes {' or '.join(known[name].values)}.")
            else:
                chosen[name] = text
        return cls(**chosen)  # type: ignore[arg-type]

    def as_mapping(self) -> dict[str, str | int]:
        """The settings that differ from the defaults."""
        defaults = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in asdict(self).items() if value != defaults[name]}
