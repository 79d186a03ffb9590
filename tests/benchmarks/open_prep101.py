"""Opening a signed PREP101 of 1.5 KB (signature, SM2, JSON), ours beside plain gmssl.

Run: python -m tests.benchmarks.open_prep101
"""

import base64
import json
import timeit
from pathlib import Path

from gmssl import func, sm3
from gmssl.sm2 import CryptSM2

from protocol import envelope
from protocol.crypto import keys
from protocol.dialect import Dialect
from tests.benchmarks.expectations import Expectations

EXPECTED = 40
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "sm-crypto.json").read_text())
BODY = json.dumps(VECTORS["messages"][0]["envelope"]).encode()
PARTY = envelope.Party(
    appid=VECTORS["appid"],
    appkey=VECTORS["appkey"],
    appsecret=VECTORS["appsecret"],
    own_key=keys.load_private(VECTORS["institution"]["private"]),
    peer_key=keys.load_public(VECTORS["platform"]["public"]),
    dialect=Dialect(),
)
PLAIN = CryptSM2(VECTORS["institution"]["private"], VECTORS["institution"]["public"], mode=1)


def ours() -> dict:
    request = envelope.parse(BODY)
    envelope.verify(request, PARTY)
    return envelope.open_request(request, PARTY).fields


def plain_gmssl() -> dict:
    outer = json.loads(BODY)
    signed = "&".join((outer["data"], outer["reqtime"], VECTORS["appkey"], VECTORS["appsecret"]))
    if sm3.sm3_hash(func.bytes_to_list(signed.encode())) != outer["sign"]:
        raise ValueError("The signature does not hold.")
    return json.loads(PLAIN.decrypt(base64.b64decode(outer["data"])[1:]))


if __name__ == "__main__":
    if ours() != plain_gmssl():
        raise SystemExit("The two read different applications.")
    fast = min(timeit.repeat(ours, number=20, repeat=7)) / 20 * 1000
    slow = min(timeit.repeat(plain_gmssl, number=2, repeat=7)) / 2 * 1000
    times = slow / fast
    print(f"ours {fast:.2f} ms, plain gmssl {slow:.1f} ms, {times:.0f} times quicker (expected: at least {EXPECTED})")
    expected = Expectations()
    expected.at_least("plain gmssl beside ours", times, EXPECTED)
    expected.judge()
