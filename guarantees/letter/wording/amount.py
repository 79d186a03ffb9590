"""Sums of money in words (大写), by 正确填写票据和结算凭证的基本规定 (支付结算办法, annex 1)."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
MOST = Decimal("9999999999999999.99")  # 16 digits before the point, the most the platform can say


class NotPrintable(ValueError):
    """A sum that no letter can name."""


def in_words(amount: Decimal) -> str:
    """`Decimal("1409.50")` → `人民币壹仟肆佰零玖元伍角整`.

    Takes 0.00 to 9999999999999999.99 with at most two decimals; anything else is NotPrintable.
    """
    yuan, fen = _yuan_and_fen(amount)
    jiao, fen = divmod(fen, 10)
    words = f"{_integer(yuan)}元" if yuan or not (jiao or fen) else ""
    if jiao:
        # Where the yuan end in 0, the rule lets the 零 before the 角 stand or not; it stands here.
        words += ("零" if yuan and yuan % 10 == 0 else "") + f"{DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    words += f"{DIGITS[fen]}分" if fen else "整"
    return f"人民币{words}"


def in_figures(amount: Decimal) -> str:
    """`Decimal("1234567.8")` → `¥1,234,567.80`."""
    yuan, fen = _yuan_and_fen(amount)
    return f"¥{yuan:,}.{fen:02d}"


def _yuan_and_fen(amount: Decimal) -> tuple[int, int]:
    if not amount.is_finite() or not Decimal(0) <= amount <= MOST or amount != amount.quantize(Decimal("0.01")):
        raise NotPrintable(f"{amount} is no sum of money: 0.00 to {MOST}, at most two decimals, would be one")
    return divmod(int(amount * 100), 100)


def _integer(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    words = ""
    gap = False  # zeros were passed since the last digit: one 零 stands for all of them
    for position in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**position % 10
        group, place = divmod(position, 4)
        if digit:
            words += (DIGITS[0] if gap else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = bool(words)
        if place == 0 and group and (name := _group_name(number, group)):
            words += name
            gap &= name == "亿"  # 壹拾万柒仟: a 0 before 万, of which the rule speaks, needs no 零 before the thousands
    return words


def _group_name(number: int, group: int) -> str:
    """万, 亿 or 万 again within 万亿, where the group or what it carries is not empty."""
    filled = number // 10 ** (4 * group) % 10000
    if group == 2:
        return "亿" if number // 10**8 else ""
    return "万" if filled else ""
