"""SM3 (GB/T 32905), by OpenSSL."""

from cryptography.hazmat.primitives import hashes

DIGEST_SIZE = 32


def digest(data: bytes) -> bytes:
    """The 32-byte digest of `data`."""
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def key_stream(secret: bytes, length: int) -> bytes:
    """The key derivation function of GB/T 32918.4, 5.4.3: `length` bytes from `secret`."""
    common = hashes.Hash(hashes.SM3())
    common.update(secret)  # hashed once; each block goes on from a copy of the state
    blocks = []
    for counter in range(1, -(-length // DIGEST_SIZE) + 1):
        block = common.copy()
        block.update(counter.to_bytes(4, "big"))
        blocks.append(block.finalize())
    return b"".join(blocks)[:length]
