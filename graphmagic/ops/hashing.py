"""Published hash functions of strings, number for number: FarmHash, SipHash, and the one called Hash64."""

from __future__ import annotations

from struct import unpack_from

__all__ = ["farm_fingerprint64", "hash64", "sip_hash24"]

_MASK = 2**64 - 1


def _fetch64(text: bytes, at: int) -> int:
    word: int = unpack_from("<Q", text, at)[0]
    return word


def _fetch32(text: bytes, at: int) -> int:
    word: int = unpack_from("<I", text, at)[0]
    return word


def _rotate_right(x: int, by: int) -> int:
    x &= _MASK
    return (x >> by | x << (64 - by)) & _MASK


# ----- FarmHash: Fingerprint64 of Geoff Pike's farmhashna, 2014 -----

_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _shift_mix(x: int) -> int:
    x &= _MASK
    return x ^ x >> 47


def _mix(u: int, v: int, factor: int) -> int:
    a = _shift_mix((u ^ v) * factor)
    return _shift_mix(((v & _MASK) ^ a) * factor) * factor & _MASK


def farm_fingerprint64(text: bytes) -> int:
    """The fingerprint that TensorFlow's *fast* hash buckets are made of.

    >>> farm_fingerprint64(b"a"), farm_fingerprint64(b"")
    (12917804110809363939, 11160318154034397263)
    """
    size = len(text)
    if size <= 16:
        return _up_to_16(text)
    if size <= 32:
        return _up_to_32(text)
    return _up_to_64(text) if size <= 64 else _longer(text)


def _up_to_16(text: bytes) -> int:
    size = len(text)
    factor = _K2 + size * 2 & _MASK
    if size >= 8:
        a, b = _fetch64(text, 0) + _K2 & _MASK, _fetch64(text, size - 8)
        c = _rotate_right(b, 37) * factor + a
        d = (_rotate_right(a, 25) + b) * factor
        return _mix(c & _MASK, d & _MASK, factor)
    if size >= 4:
        return _mix(size + (_fetch32(text, 0) << 3), _fetch32(text, size - 4), factor)
    if not size:
        return _K2
    y = text[0] + (text[size >> 1] << 8)
    z = size + (text[-1] << 2)
    return _shift_mix((y * _K2 ^ z * _K0) & _MASK) * _K2 & _MASK


def _up_to_32(text: bytes) -> int:
    size = len(text)
    factor = _K2 + size * 2 & _MASK
    a, b = _fetch64(text, 0) * _K1, _fetch64(text, 8)
    c, d = _fetch64(text, size - 8) * factor, _fetch64(text, size - 16) * _K2
    u = _rotate_right(a + b, 43) + _rotate_right(c, 30) + d
    return _mix(u & _MASK, a + _rotate_right(b + _K2, 18) + c & _MASK, factor)


def _up_to_64(text: bytes) -> int:
    size = len(text)
    factor = _K2 + size * 2 & _MASK
    a, b = _fetch64(text, 0) * _K2, _fetch64(text, 8)
    c, d = _fetch64(text, size - 8) * factor, _fetch64(text, size - 16) * _K2
    y = _rotate_right(a + b, 43) + _rotate_right(c, 30) + d & _MASK
    z = _mix(y, a + _rotate_right(b + _K2, 18) + c & _MASK, factor)
    e, f = _fetch64(text, 16) * factor, _fetch64(text, 24)
    g, h = (y + _fetch64(text, size - 32)) * factor, (z + _fetch64(text, size - 24)) * factor
    u = _rotate_right(e + f, 43) + _rotate_right(g, 30) + h
    return _mix(u & _MASK, e + _rotate_right(f + a, 18) + g & _MASK, factor)


def _weak(text: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    w, x, y, z = (_fetch64(text, at + 8 * i) for i in range(4))
    a += w
    b = _rotate_right(b + a + z, 21)
    c = a
    a += x + y
    b += _rotate_right(a, 44)
    return a + z & _MASK, b + c & _MASK


def _longer(text: bytes) -> int:
    size = len(text)
    x, y = 81, 81 * _K1 + 113 & _MASK
    z = _shift_mix(y * _K2 + 113) * _K2 & _MASK
    v, w = (0, 0), (0, 0)
    x = x * _K2 + _fetch64(text, 0) & _MASK
    end = (size - 1) // 64 * 64
    for at in range(0, end, 64):
        x, y, z, v, w = _round(text, at, x, y, z, v, w, _K1, 1)
    factor = _K1 + ((z & 0xFF) << 1) & _MASK
    w = (w[0] + (size - 1 & 63) & _MASK, w[1])
    v = (v[0] + w[0] & _MASK, v[1])
    w = (w[0] + v[0] & _MASK, w[1])
    x, y, z, v, w = _round(text, size - 64, x, y, z, v, w, factor, 9)
    first = _mix(v[0], w[0], factor) + _shift_mix(y) * _K0 + z
    return _mix(first & _MASK, _mix(v[1], w[1], factor) + x & _MASK, factor)


def _round(
    text: bytes,
    at: int,
    x: int,
    y: int,
    z: int,
    v: tuple[int, int],
    w: tuple[int, int],
    factor: int,
    times: int,
) -> tuple[int, int, int, tuple[int, int], tuple[int, int]]:
    x = _rotate_right(x + y + v[0] + _fetch64(text, at + 8), 37) * factor & _MASK
    y = _rotate_right(y + v[1] + _fetch64(text, at + 48), 42) * factor & _MASK
    x ^= w[1] * times & _MASK
    y = y + v[0] * times + _fetch64(text, at + 40) & _MASK
    z = _rotate_right(z + w[0], 33) * factor & _MASK
    v = _weak(text, at, v[1] * factor, x + w[0])
    w = _weak(text, at + 32, z + w[1], y + _fetch64(text, at + 16))
    return z, y, x, v, w


# ----- Hash64: MurmurHash64A of Austin Appleby, 2008, with a seed of TensorFlow's -----

_MURMUR, _SEED = 0xC6A4A7935BD1E995, 0xDECAFCAFFE


def hash64(text: bytes) -> int:
    """The hash that TensorFlow's plain hash buckets are made of.

    >>> hash64(b"a") % 10
    8
    """
    h = _SEED ^ len(text) * _MURMUR & _MASK
    whole = len(text) // 8 * 8
    for at in range(0, whole, 8):
        k = _shift_mix(_fetch64(text, at) * _MURMUR) * _MURMUR & _MASK
        h = (h ^ k) * _MURMUR & _MASK
    if whole < len(text):
        h = (h ^ int.from_bytes(text[whole:], "little")) * _MURMUR & _MASK
    return _shift_mix(_shift_mix(h) * _MURMUR)


# ----- SipHash-2-4 of Aumasson and Bernstein, 2012 -----


def _rotate_left(x: int, by: int) -> int:
    return (x << by | x >> (64 - by)) & _MASK


def _sip_round(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    a, c = a + b & _MASK, c + d & _MASK
    b, d = _rotate_left(b, 13) ^ a, _rotate_left(d, 16) ^ c
    a, c = _rotate_left(a, 32) + d & _MASK, c + b & _MASK
    b, d = _rotate_left(b, 17) ^ c, _rotate_left(d, 21) ^ a
    return a, b, _rotate_left(c, 32), d


def sip_hash24(text: bytes, key: tuple[int, int]) -> int:
    """The keyed hash that TensorFlow's *strong* hash buckets are made of.

    >>> hex(sip_hash24(bytes(range(15)), (0x0706050403020100, 0x0F0E0D0C0B0A0908)))
    '0xa129ca6149be45e5'
    """
    k0, k1 = key[0] & _MASK, key[1] & _MASK
    state = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573
    padded = text + bytes(7 - len(text) % 8) + bytes([len(text) & 0xFF])
    for at in range(0, len(padded), 8):
        word = _fetch64(padded, at)
        state = (*state[:3], state[3] ^ word)
        state = _sip_round(*_sip_round(*state))
        state = (state[0] ^ word, *state[1:])
    state = (*state[:2], state[2] ^ 0xFF, state[3])
    for _ in range(4):
        state = _sip_round(*state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]
