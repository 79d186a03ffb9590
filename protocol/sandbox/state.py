"""Who the sandbox is: its key pair and its part of the agreement, kept in a file so that a restart goes on."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from protocol.crypto import keys, sm2
from protocol.dialect import Dialect
from protocol.envelope import Party

FILE_NAME = "platform.json"


class StateError(Exception):
    """A file that does not hold a sandbox's identity; says which file and what to do."""


@dataclass(frozen=True)
class State:
    """The agreement as the platform holds it, before it knows the institution's public key."""

    appid: str
    appkey: str = field(repr=False)
    appsecret: str = field(repr=False)
    key: sm2.PrivateKey = field(repr=False)

    @property
    def public_key(self) -> str:
        """The platform's public key as it is given to the institution."""
        return keys.public_text(self.key.public)

    def party(self, institution_key: str | sm2.PublicKey, dialect: Dialect | None = None) -> Party:
        """The whole agreement, with the institution's public key (any form that `keys.load_public` reads)."""
        return Party(
            appid=self.appid,
            appkey=self.appkey,
            appsecret=self.appsecret,
            own_key=self.key,
            peer_key=keys.load_public(institution_key) if isinstance(institution_key, str) else institution_key,
            dialect=dialect or Dialect(),
        )


def load_or_create(directory: Path) -> State:
    """The identity in the directory; the first time, a fresh one."""
    path = directory / FILE_NAME
    try:
        return _load(path)
    except FileNotFoundError:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = State(
            appid=f"SANDBOX{secrets.token_hex(4).upper()}",
            appkey=secrets.token_hex(16),
            appsecret=secrets.token_hex(16),
            key=sm2.generate(),
        )
        _save(state, path)
        return _load(path)


def _load(path: Path) -> State:
    text = path.read_text(encoding="utf-8")
    try:
        stored = json.loads(text)
        return State(stored["appid"], stored["appkey"], stored["appsecret"], keys.load_private(stored["private_key"]))
    except (ValueError, KeyError, TypeError):
        raise StateError(f"{path} does not hold a sandbox's keys; remove it to have new ones made.") from None


def _save(state: State, path: Path) -> None:
    stored = {
        "appid": state.appid,
        "appkey": state.appkey,
        "appsecret": state.appsecret,
        "private_key": keys.private_text(state.key),
        "public_key": state.public_key,
    }
    # Written aside and linked in whole: two starts at once agree on one identity, and none reads half a file.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(stored, file, ensure_ascii=False, indent=1)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
