"""Speaks to the gateway as a platform does: seals, posts, reads the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client

from protocol import envelope
from protocol.crypto import keys, sm2
from protocol.dialect import Dialect
from protocol.models import Connection
from staff import clock

APPLICATION = {
    "applicationId": "SQ20261124000001",
    "supplier": "青城建设有限公司",
    "socialCreditCode": "91150100MA0N2T4X5F",
    "legalName": "张建国",
    "legalIdNo": "11010519491231002X",
    "supplierAddress": "呼和浩特市新城区1号",
    "advanceAmount": "900000.00",
    "contacts": "刘芳",
    "contactsWay": "13904710001",
    "contractCerNo": "440524188001010014",
    "projectCode": "NMGZC-2026-0001",
    "projectName": "道路养护工程",
    "bidCode": "NMGZC-2026-0001-01",
    "bidName": "第一标段",
    "purchaseNature": "工程类",
    "bidDate": "20260105",
    "bidAmount": "3000000.00",
    "purchaseName": "住房和城乡建设厅",
    "purchaseSocCode": "11150000011515167R",
    "guaranteeDate": "12",
}


def demand_fields(guarantee: str, **changed: Any) -> dict[str, str]:
    """PREP105 on the guarantee of that number, by the beneficiary of APPLICATION."""
    return {
        "guaranteeId": guarantee,
        "bidNum": APPLICATION["bidCode"],
        "projectName": APPLICATION["projectName"],
        "projectCode": APPLICATION["projectCode"],
        "companyName": APPLICATION["supplier"],
        "socialCreditCode": APPLICATION["socialCreditCode"],
        "purchaseName": APPLICATION["purchaseName"],
        "purchaseSocCode": APPLICATION["purchaseSocCode"],
        "claimAmount": "300000.00",
        "claimReason": "供应商未按合同约定使用预付款",
        "openBank": "中国工商银行呼和浩特分行",
        "bankAccount": "0602004109026400123",
        "contract": "王芳",
        "contractway": "13904710002",
        "contractCertCode": "11010519491231002X",
        **changed,
    }


class Platform:
    """One platform, with its own key pair, and the connection that we have of it."""

    def __init__(self, name: str = "Platform", dialect: Mapping[str, Any] | None = None, **fields: Any) -> None:
        key = sm2.generate()
        self.connection = Connection.objects.create(
            name=name,
            appid=name.lower(),
            appkey="the-appkey",
            appsecret="the-appsecret",
            private_key=keys.private_text(sm2.generate()),
            platform_key=keys.public_text(key.public),
            address="http://127.0.0.1:9/notify",
            dialect=dict(dialect or {}),
            **fields,
        )
        self.party = envelope.Party(
            appid=self.connection.appid,
            appkey="the-appkey",
            appsecret="the-appsecret",
            own_key=key,
            peer_key=self.connection.own_key().public,
            dialect=Dialect.from_mapping(dict(dialect or {})),
        )
        self.client = Client()

    def again(self) -> Platform:
        """The same one for another test, whose database has the same rows."""
        other = copy(self)
        other.connection, other.client = Connection.objects.get(pk=self.connection.pk), Client()
        return other

    def seal(
        self,
        transcode: str,
        fields: Mapping[str, Any] | bytes,
        *,
        msgcode: str | None = None,
        reqtime: datetime | None = None,
        **party: Any,
    ) -> bytes:
        """The request's bytes; `party` replaces what the platform knows, to speak wrongly."""
        plaintext = fields if isinstance(fields, bytes) else json.dumps(fields, ensure_ascii=False).encode()
        return envelope.seal_request(
            transcode,
            plaintext,
            replace(self.party, **party),
            msgcode=msgcode or uuid4().hex,
            reqtime=reqtime or clock.now(),
        )

    def post(self, body: bytes, path: str = "/gateway/", **headers: Any) -> envelope.Answered:
        response = self.client.post(path, body, content_type="application/json", **headers)
        assert response.status_code == 200
        return envelope.read_answer(response.content, self.party)

    def send(self, transcode: str, fields: Mapping[str, Any], **how: Any) -> envelope.Answered:
        return self.post(self.seal(transcode, fields, **how))

    def apply(self, **changed: Any) -> envelope.Answered:
        """PREP101; a field set to None is left out."""
        fields = {name: value for name, value in {**APPLICATION, **changed}.items() if value is not None}
        return self.send("PREP101", fields)
