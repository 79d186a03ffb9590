"""Invented applications and demands that look like real ones: names, places, and codes whose check characters hold."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from stdnum.cn import ric, uscc

from protocol.prep.codes import PurchaseType

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN_NAMES = (
    *("伟", "敏", "静", "磊", "洋", "艳", "勇", "娜", "建国", "秀英", "志强", "海燕", "晓东", "玉兰", "文博", "雅琴"),
    *("子涵", "思远", "天宇", "梦洁"),
)
#: Each place: its name, its division code, an address in it.
PLACES = (
    ("呼和浩特市", "150102", "内蒙古自治区呼和浩特市新城区成吉思汗大街{}号"),
    ("包头市", "150203", "内蒙古自治区包头市昆都仑区钢铁大街{}号"),
    ("赤峰市", "150402", "内蒙古自治区赤峰市红山区钢铁西街{}号"),
    ("通辽市", "150502", "内蒙古自治区通辽市科尔沁区建国路{}号"),
    ("鄂尔多斯市", "150602", "内蒙古自治区鄂尔多斯市东胜区鄂尔多斯大街{}号"),
)
#: Divisions that were there throughout the years in which these people were born.
BIRTHPLACES = ("150121", "150221", "152501")
COMPANY_NAMES = ("蒙草源", "天骄", "北疆", "恒信", "草原云", "华蒙", "金穗", "博远", "瑞丰", "青城")
#: Each kind of purchase: the supplier's line of business, and projects of that kind.
TRADES = {
    PurchaseType.GOODS: (
        ("医疗器械有限公司", "科技有限公司", "办公设备有限公司"),
        ("医疗设备采购项目", "教学仪器设备采购项目", "应急物资采购项目", "信创终端设备采购项目"),
    ),
    PurchaseType.SERVICES: (
        ("信息技术有限公司", "物业服务有限公司", "咨询服务有限公司"),
        ("政务云平台运维服务项目", "物业管理服务项目", "智慧校园软件开发服务项目"),
    ),
    PurchaseType.WORKS: (
        ("建筑工程有限公司", "市政工程有限公司", "园林绿化工程有限公司"),
        ("办公楼维修改造工程", "校园供热管网改造工程", "草原生态修复工程"),
    ),
}
PURCHASERS = ("教育局", "卫生健康委员会", "公安局", "农牧局", "人民医院", "第一中学", "财政局", "林业和草原局")
BANKS = ("中国农业银行股份有限公司", "中国建设银行股份有限公司", "内蒙古银行股份有限公司", "中国工商银行股份有限公司")
REASONS = (
    "供应商收到预付款后未按合同约定的期限交付货物，经催告仍未履行",
    "供应商未按合同约定开展服务，且未退还预付款",
    "合同已依法解除，供应商拒不退还未抵扣的预付款",
)
#: A credit code's characters (GB 32100): without I, O, S, V and Z.
CODE_CHARACTERS = "".join(c for c in string.digits + string.ascii_uppercase if c not in "IOSVZ")


def application(chance: random.Random, today: date) -> dict[str, str]:
    """A PREP101 application of a supplier that won a bid some days ago; its number is not invented here."""
    city, division, address = chance.choice(PLACES)
    nature = chance.choice(list(TRADES))
    lines, projects = TRADES[nature]
    bid_amount = Decimal(chance.randrange(20, 900)) * 10_000 + Decimal(chance.randrange(0, 100)) * 100
    bid_date = today - timedelta(days=chance.randrange(3, 20))
    months = chance.choice((6, 12, 12, 18, 24))
    beyond = chance.choice((1, 2, 3, 3, 3, 6, 6, 0))  # usually the guarantee outlasts the contract, now and then not
    purchaser = f"{city}{chance.choice(PURCHASERS)}"
    project = f"{purchaser}{chance.choice(projects)}"
    project_code = f"ZFCG-{bid_date:%Y}-{division}-{chance.randrange(1, 10_000):04}"
    return {
        "supplier": f"内蒙古{chance.choice(COMPANY_NAMES)}{chance.choice(lines)}",
        "socialCreditCode": credit_code(chance, f"91{division}"),
        "legalName": person(chance),
        "legalIdNo": identity_number(chance, today),
        "supplierAddress": address.format(chance.randrange(1, 200)),
        "advanceAmount": f"{bid_amount * chance.choice((30, 40, 50)) / 100:.2f}",
        "contacts": person(chance),
        "contactsWay": telephone(chance),
        "contractCerNo": identity_number(chance, today),
        "projectCode": project_code,
        "projectName": project,
        "bidCode": f"{project_code}-01",
        "bidName": f"{project}第一标段",
        "purchaseNature": nature,
        "bidDate": f"{bid_date:%Y%m%d}",
        "bidAmount": f"{bid_amount:.2f}",
        "purchaseName": purchaser,
        "purchaseSocCode": credit_code(chance, f"11{division}"),
        "guaranteeDate": str(months + beyond),
        "contractDate": str(months),
    }


def named_in_demand(order: Mapping[str, str]) -> dict[str, str]:
    """What a PREP105 repeats of the PREP101 of its order."""
    return {
        "bidNum": order["bidCode"],
        "projectName": order["projectName"],
        "projectCode": order["projectCode"],
        "companyName": order["supplier"],
        "socialCreditCode": order["socialCreditCode"],
        "purchaseName": order["purchaseName"],
        "purchaseSocCode": order["purchaseSocCode"],
    }


def demand(chance: random.Random) -> dict[str, str]:
    """What a PREP105 says beside the guarantee, the parties and the amount."""
    city, _division, _address = chance.choice(PLACES)
    return {
        "claimReason": chance.choice(REASONS),
        "openBank": f"{chance.choice(BANKS)}{city}分行营业部",
        "bankAccount": f"05{''.join(chance.choices(string.digits, k=15))}",
        "contract": person(chance),
        "contractway": telephone(chance),
        "contractCertCode": identity_number(chance, date(2026, 1, 1)),
    }


def person(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN_NAMES)


def telephone(chance: random.Random) -> str:
    return chance.choice(("138", "139", "150", "186", "188")) + "".join(chance.choices(string.digits, k=8))


def identity_number(chance: random.Random, today: date) -> str:
    """An identity card's number (GB 11643) of somebody between 25 and 55."""
    birth = today - timedelta(days=chance.randrange(25 * 365, 55 * 365))
    body = f"{chance.choice(BIRTHPLACES)}{birth:%Y%m%d}{chance.randrange(1, 1000):03}"
    return body + str(ric.calc_check_digit(body + "0"))


def credit_code(chance: random.Random, beginning: str) -> str:
    """A unified social credit code (GB 32100) around an organisation code (GB 11714), both checked."""
    organisation = "MA" + "".join(chance.choices(CODE_CHARACTERS, k=6))
    weighted = sum(
        (string.digits + string.ascii_uppercase).index(character) * weight
        for character, weight in zip(organisation, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    check = "0123456789X0"[11 - weighted % 11]
    body = beginning + organisation + check
    return body + str(uscc.calc_check_digit(body))
