"""What the sandbox remembers, in an SQLite file of its own: orders, every message either way, fetched letters."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, at TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, at TEXT NOT NULL, direction TEXT NOT NULL, transcode TEXT NOT NULL,
    msgcode TEXT NOT NULL, plaintext BLOB NOT NULL, fields TEXT NOT NULL, note TEXT NOT NULL, repeated INTEGER NOT NULL,
    code TEXT NOT NULL, text TEXT NOT NULL, answer TEXT NOT NULL, trouble TEXT NOT NULL, findings TEXT NOT NULL,
    milliseconds INTEGER
);
CREATE INDEX IF NOT EXISTS messages_number ON messages (number);
CREATE INDEX IF NOT EXISTS messages_msgcode ON messages (msgcode);
CREATE TABLE IF NOT EXISTS guarantees (id INTEGER PRIMARY KEY, guarantee TEXT UNIQUE NOT NULL, number TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS letters (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, at TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL
);
"""
#: Longer values (files in base64) are kept for sending again, but only measured for the page.
LONGEST_SHOWN = 2048

#: An order's messages without the plaintext, which may hold a file.
TIMELINE = """
SELECT id, number, at, direction, transcode, msgcode, x'' AS plaintext, fields, note, repeated,
    code, text, answer, trouble, findings, milliseconds
FROM messages WHERE number = ? ORDER BY id
"""

SENT, RECEIVED = "sent", "received"


@dataclass(frozen=True)
class Order:
    """One application as it was submitted last."""

    number: str
    at: datetime
    fields: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of a message: the answer's code and text; `trouble` is why there is no answer, or none to go by."""

    code: str = ""
    text: str = ""
    answer: Mapping[str, object] = field(default_factory=dict)
    trouble: str = ""
    findings: Sequence[str] = ()
    milliseconds: int | None = None


@dataclass(frozen=True)
class Message:
    """One message either way; without number it belongs to no order, without code it has no answer yet."""

    number: str
    at: datetime
    direction: str
    transcode: str = ""
    msgcode: str = ""
    plaintext: bytes = field(default=b"", repr=False)
    fields: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    repeated: bool = False
    outcome: Outcome = Outcome()
    id: int = 0

    @property
    def is_accepted(self) -> bool:
        return self.outcome.code == "000"


@dataclass(frozen=True)
class Letter:
    """A guarantee's file as the gateway gave it, without its content."""

    id: int
    name: str


class Store:
    """The file; several threads may use it at once."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        with self._lock, self._db:
            self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    def add_order(self, day: str, fields: Mapping[str, str], at: datetime) -> Order:
        """The order under the day's next number, which becomes its applicationId."""
        with self._lock, self._db:
            prefix = f"SQ{day}"
            last = self._row("SELECT max(number) AS number FROM orders WHERE number LIKE ?", f"{prefix}______")
            count = int(last["number"].removeprefix(prefix)) + 1 if last and last["number"] else 1
            order = Order(f"{prefix}{count:06}", at, {"applicationId": f"{prefix}{count:06}", **fields})
            self._db.execute(
                "INSERT INTO orders VALUES (?, ?, ?)", (order.number, at.isoformat(), _text_of(order.fields))
            )
        return order

    def order(self, number: str) -> Order | None:
        row = self._row("SELECT * FROM orders WHERE number = ?", number)
        return _order(row) if row else None

    def orders(self, limit: int = 100) -> list[Order]:
        """The latest first."""
        return [_order(row) for row in self._rows("SELECT * FROM orders ORDER BY rowid DESC LIMIT ?", limit)]

    def add_message(self, message: Message, guarantee: str = "") -> Message:
        """The message as it is kept; `guarantee` is the number that it gives its order."""
        shown = _text_of(_measured(message.fields))
        with self._lock, self._db:
            cursor = self._db.execute(
                "INSERT INTO messages (number, at, direction, transcode, msgcode, plaintext, fields, note, repeated,"
                " code, text, answer, trouble, findings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '{}', '', '[]')",
                (
                    *(message.number, message.at.isoformat(), message.direction, message.transcode, message.msgcode),
                    *(message.plaintext, shown, message.note, message.repeated),
                ),
            )
            self._finish(cursor.lastrowid or 0, message.outcome)
            if guarantee:
                self._db.execute(
                    "INSERT OR IGNORE INTO guarantees (guarantee, number) VALUES (?, ?)", (guarantee, message.number)
                )
        return self.message(cursor.lastrowid or 0)

    def finish(self, message_id: int, outcome: Outcome) -> Message:
        """The sent message with what became of it."""
        with self._lock, self._db:
            self._finish(message_id, outcome)
        return self.message(message_id)

    def message(self, message_id: int) -> Message:
        return _message(self._rows("SELECT * FROM messages WHERE id = ?", message_id)[0])

    def messages(self, number: str) -> list[Message]:
        """An order's messages without their plaintext, the oldest first; those of the empty number belong to none."""
        return [_message(row) for row in self._rows(TIMELINE, number)]

    def last_sent(self, number: str) -> Message | None:
        row = self._row(
            "SELECT * FROM messages WHERE number = ? AND direction = ? ORDER BY id DESC LIMIT 1", number, SENT
        )
        return _message(row) if row else None

    def accepted(self, msgcode: str) -> Message | None:
        """The notification that was accepted under this msgcode."""
        row = self._row(
            "SELECT * FROM messages WHERE msgcode = ? AND direction = ? AND code = '000' ORDER BY id LIMIT 1",
            *(msgcode, RECEIVED),
        )
        return _message(row) if row else None

    def number_of(self, guarantee: str) -> str:
        """The order that was given this guarantee; empty for none."""
        row = self._row("SELECT number FROM guarantees WHERE guarantee = ?", guarantee)
        return str(row["number"]) if row else ""

    def guarantee_of(self, number: str) -> str:
        """The order's guarantee, the last one where it was issued again; empty for none."""
        row = self._row("SELECT guarantee FROM guarantees WHERE number = ? ORDER BY id DESC LIMIT 1", number)
        return str(row["guarantee"]) if row else ""

    def add_letter(self, number: str, name: str, content: bytes, at: datetime) -> None:
        with self._lock, self._db:
            self._db.execute(
                "INSERT INTO letters (number, at, name, content) VALUES (?, ?, ?, ?)",
                (number, at.isoformat(), name, content),
            )

    def letter(self, number: str) -> Letter | None:
        """The file that was fetched last."""
        row = self._row("SELECT id, name FROM letters WHERE number = ? ORDER BY id DESC LIMIT 1", number)
        return Letter(row["id"], row["name"]) if row else None

    def content(self, letter: Letter) -> bytes:
        return bytes(self._rows("SELECT content FROM letters WHERE id = ?", letter.id)[0]["content"])

    def _finish(self, message_id: int, outcome: Outcome) -> None:
        self._db.execute(
            "UPDATE messages SET code = ?, text = ?, answer = ?, trouble = ?, findings = ?, milliseconds = ?"
            " WHERE id = ?",
            (
                *(outcome.code, outcome.text, _text_of(_measured(outcome.answer)), outcome.trouble),
                *(json.dumps(list(outcome.findings), ensure_ascii=False), outcome.milliseconds, message_id),
            ),
        )

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _row(self, query: str, *values: object) -> sqlite3.Row | None:
        rows = self._rows(query, *values)
        return rows[0] if rows else None


def _order(row: sqlite3.Row) -> Order:
    return Order(row["number"], datetime.fromisoformat(row["at"]), json.loads(row["fields"]))


def _message(row: sqlite3.Row) -> Message:
    return Message(
        id=row["id"],
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        direction=row["direction"],
        transcode=row["transcode"],
        msgcode=row["msgcode"],
        plaintext=row["plaintext"],
        fields=json.loads(row["fields"]),
        note=row["note"],
        repeated=bool(row["repeated"]),
        outcome=Outcome(
            code=row["code"],
            text=row["text"],
            answer=json.loads(row["answer"]),
            trouble=row["trouble"],
            findings=json.loads(row["findings"]),
            milliseconds=row["milliseconds"],
        ),
    )


def _text_of(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _measured(fields: Mapping[str, object]) -> dict[str, object]:
    return {
        name: f"（共 {len(value)} 个字符）" if isinstance(value, str) and len(value) > LONGEST_SHOWN else value
        for name, value in fields.items()
    }
