"""Keys that others know or may guess: printed as examples, short, or the same where they must differ."""

from __future__ import annotations

from protocol.crypto import curve
from protocol.crypto.curve import Point
from protocol.envelope import Party

#: Key pairs whose private half is printed for everybody, copied from there into many a platform's test set-up.
PRINTED = {
    curve.KNOWN_POINT: "the example of GB/T 32918.5",
    Point(
        0xB9C9A6E04E9C91F7BA880429273747D7EF5DDEB0BB2FF6317EB00BEF331A8308,
        0x1A6994B8993F3F5D6EADDDB81872266C87C018FB4162F5AF347B483E24620207,
    ): "the example of gmssl's documentation",
}
#: A message's signature is a digest over the appsecret: a shorter one is found by trying, from one message overheard.
SHORTEST_SECRET = 16
FEWEST_BYTES = 8


def weaknesses(party: Party) -> list[str]:
    """What is weak about an agreement's keys and secrets, a phrase each; none of them is quoted."""
    own, peer = party.own_key.public.point, party.peer_key.point
    found = []
    if example := PRINTED.get(own):
        found.append(f"our key is {example}")
    elif len(set(bytes(party.own_key))) < FEWEST_BYTES:
        found.append("our key is easily guessed")
    if example := PRINTED.get(peer):
        found.append(f"its key is {example}")
    if own == peer:
        found.append("both sides have the same key")
    if len(party.appsecret) < SHORTEST_SECRET or len(set(party.appsecret)) < FEWEST_BYTES:
        found.append(f"its appsecret has fewer than {SHORTEST_SECRET} characters or {FEWEST_BYTES} different ones")
    elif party.appsecret in (party.appkey, party.appid):
        found.append("its appsecret is no secret: it equals its appkey or appid")
    return found
