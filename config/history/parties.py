"""Who applies and who purchases: invented names with codes whose check characters hold, in several provinces."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from math import exp, log
from typing import TypeVar

from config.history import habits
from protocol.sandbox import invented

One = TypeVar("One")
Party = TypeVar("Party", "Applicant", "Purchaser")
#: Beside the sandbox's own cities: name, division code, an address in it; and how each province's names begin.
NEIGHBOURS = (
    ("太原市", "140105", "山西省太原市小店区长风街{}号"),
    ("大同市", "140213", "山西省大同市平城区迎宾街{}号"),
    ("银川市", "640104", "宁夏回族自治区银川市兴庆区解放街{}号"),
    ("张家口市", "130702", "河北省张家口市桥东区胜利路{}号"),
    ("沈阳市", "210102", "辽宁省沈阳市和平区青年大街{}号"),
)
PROVINCES = {"15": "内蒙古", "14": "山西", "64": "宁夏", "13": "河北", "21": "辽宁"}
NAMES = (
    *(
        "蒙草源",
        "天骄",
        "北疆",
        "恒信",
        "草原云",
        "华蒙",
        "金穗",
        "博远",
        "瑞丰",
        "青城",
        "长城",
        "塞上",
        "宏图",
        "众合",
    ),
    *("正大", "安泰", "锦华", "鼎盛", "嘉禾", "中晟", "联创", "新锐", "宇通", "德润", "久安", "广源", "同方", "万汇"),
)
OFFICES = (
    *("教育局", "卫生健康委员会", "公安局", "农牧局", "人民医院", "第一中学", "财政局", "林业和草原局", "水利局"),
    *("交通运输局", "住房和城乡建设局", "市场监督管理局", "生态环境局", "文化旅游广电局", "职业学院", "中医医院"),
)


@dataclass(frozen=True)
class Applicant:
    """A supplier; it does business of one kind."""

    name: str
    code: str
    address: str
    nature: str
    projects: tuple[str, ...]
    legal_name: str
    legal_id_number: str
    agent: str
    telephone: str
    agent_id_number: str


@dataclass(frozen=True)
class Purchaser:
    name: str
    code: str
    division: str


@dataclass(frozen=True)
class Parties:
    """Everybody there is; the first of each are the most active."""

    applicants: Sequence[Applicant]
    purchasers: Sequence[Purchaser]

    @classmethod
    def invent(cls, chance: random.Random, orders: int, today: date) -> Parties:
        """As many as have so many orders between them."""
        places = [*invented.PLACES, *invented.PLACES, *NEIGHBOURS]  # most are of the sandbox's own province
        return cls(
            _distinct(lambda: _applicant(chance, places, today), 3 + int(orders / habits.ORDERS_OF_AN_APPLICANT)),
            _distinct(lambda: _purchaser(chance, places), 3 + int(orders / habits.ORDERS_OF_A_PURCHASER)),
        )


def application(
    chance: random.Random, parties: Parties, today: date, months: int, contract_months: int, least: int = 0
) -> dict[str, str]:
    """What a PREP101 of that day says, beside its number; terms in months, `least` the award (CNY)."""
    applicant, purchaser = _busy(chance, parties.applicants), _busy(chance, parties.purchasers)
    award = max(Decimal(least), _award(chance))
    won = today - timedelta(days=chance.randrange(3, 25))
    project = f"{purchaser.name}{chance.choice(applicant.projects)}"
    code = f"ZFCG-{won:%Y}-{purchaser.division}-{chance.randrange(1, 100_000):05}"
    return {
        "supplier": applicant.name,
        "socialCreditCode": applicant.code,
        "legalName": applicant.legal_name,
        "legalIdNo": applicant.legal_id_number,
        "supplierAddress": applicant.address,
        "advanceAmount": f"{award * weighted(chance, habits.ADVANCES) / 100:.2f}",
        "contacts": applicant.agent,
        "contactsWay": applicant.telephone,
        "contractCerNo": applicant.agent_id_number,
        "projectCode": code,
        "projectName": project,
        "bidCode": f"{code}-01",
        "bidName": f"{project}第一标段",
        "purchaseNature": applicant.nature,
        "bidDate": f"{won:%Y%m%d}",
        "bidAmount": f"{award:.2f}",
        "purchaseName": purchaser.name,
        "purchaseSocCode": purchaser.code,
        "guaranteeDate": str(months),
        "contractDate": str(contract_months),
    }


def weighted(chance: random.Random, weights: Mapping[One, float]) -> One:
    return chance.choices(list(weights), list(weights.values()))[0]


def _busy(chance: random.Random, parties: Sequence[One]) -> One:
    """One of them, the first more often."""
    weights = (1 / (place + 1) ** habits.CONCENTRATION for place in range(len(parties)))
    return chance.choices(parties, cum_weights=list(accumulate(weights)))[0]


def _award(chance: random.Random) -> Decimal:
    """In whole hundreds."""
    drawn = exp(chance.gauss(log(habits.MEDIAN_AWARD), log(habits.SPREAD_OF_AWARDS)))
    return Decimal(round(min(max(drawn, habits.LEAST_AWARD), habits.MOST_AWARD) / 100) * 100)


def _applicant(chance: random.Random, places: Sequence[tuple[str, str, str]], today: date) -> Applicant:
    _city, division, address = chance.choice(places)
    nature, (lines, projects) = chance.choice(list(invented.TRADES.items()))
    beginning = PROVINCES[division[:2]] + chance.choice(NAMES) + chance.choice(("", "", "恒", "兴", "达", "盛"))
    return Applicant(
        name=beginning + chance.choice(lines),
        code=invented.credit_code(chance, f"91{division}"),
        address=address.format(chance.randrange(1, 300)),
        nature=str(nature),
        projects=projects,
        legal_name=invented.person(chance),
        legal_id_number=invented.identity_number(chance, today),
        agent=invented.person(chance),
        telephone=invented.telephone(chance),
        agent_id_number=invented.identity_number(chance, today),
    )


def _purchaser(chance: random.Random, places: Sequence[tuple[str, str, str]]) -> Purchaser:
    city, division, _address = chance.choice(places)
    district = chance.choice(("", "", "新区", "东区", "西区", "开发区", "高新区"))
    name = f"{city}{district}{chance.choice(OFFICES)}"
    return Purchaser(name, invented.credit_code(chance, f"11{division}"), division)


def _distinct(invent: Callable[[], Party], number: int) -> list[Party]:
    """So many of different names."""
    found: dict[str, Party] = {}
    for _try in range(50 * number):
        one = invent()
        found.setdefault(one.name, one)
        if len(found) == number:
            break
    return list(found.values())
