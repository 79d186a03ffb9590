"""Timestamps of a time-stamping authority, by RFC 3161 over HTTP.

The request, its nonce and what an answer must hold are pyHanko's (TimeStamper); only the posting is ours: that of its
RequestsHTTPTimeStamper is a bare `requests.post` to which no session can be given. Its timeout is that of each read, so
that an authority which drips holds a letter up without end, it reads an answer of any size, follows redirects, takes
proxies from the environment, and knows neither an authority nor a client certificate of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from asn1crypto import cms, tsp
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from guarantees.letter.signature.posting import NoAnswer, Post


class TimestampService(TimeStamper):
    """One authority, asked within a deadline that it cannot stretch. Of one letter: it keeps what it was answered."""

    def __init__(self, post: Post, *, authorization: str = "", seconds: float = 10) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._post, self._seconds = post, seconds
        self._headers = {"Content-Type": "application/timestamp-query"}
        if authorization:
            self._headers["Authorization"] = authorization

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            reply = self._post("", req.dump(), within=self._seconds, headers=self._headers)
        except NoAnswer as error:
            raise TimestampRequestError(str(error)) from error
        if reply.status != 200:
            raise TimestampRequestError(_("the authority answered HTTP %(status)s") % {"status": reply.status})
        with _is_answer():
            _read(tsp.TimeStampResp.load(reply.body, strict=True))
            # Loaded afresh: what was looked into is serialised anew, level by level, wherever it is put.
            return tsp.TimeStampResp.load(reply.body, strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        with _is_answer():
            return await super().async_timestamp(message_digest, md_algorithm)

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        with _is_answer():
            return await super().async_dummy_response(md_algorithm)


@contextmanager
def _is_answer() -> Iterator[None]:
    """What asn1crypto and pyHanko stumble over is an answer that is none."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError) as error:
        raise TimestampRequestError(_("the authority's answer is none of RFC 3161")) from error


def _read(response: tsp.TimeStampResp) -> None:
    """Parses what `load` leaves for later, as far as it will be read when the timestamp is put into a letter."""
    if response["status"]["status"].native == "granted":
        data = response["time_stamp_token"]["content"]
        for part in (data["encap_content_info"]["content"].parsed, *data["certificates"], *data["signer_infos"]):
            _ = part["sid"].native if isinstance(part, cms.SignerInfo) else part.native
