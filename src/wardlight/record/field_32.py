"""Arithmetic over GF(32) for check characters that people type and scanners read.

A weighted sum whose weights are all different and none is zero catches every single wrong
character and every two characters exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
BETWEEN = frozenset("- \u00a0\u2010\u2011\u2012\u2013\u2014\u2212.")
"""What people put between groups of characters."""
PLAIN = str.maketrans({"O": "0", "I": "1", "L": "1"})
FIELD_32 = 0b100101  # x^5 + x^2 + 1, irreducible


def product(one: int, other: int, field: int = FIELD_32) -> int:
    """Return the product of two elements of the field GF(2)[x] modulo `field`."""
    made, carry = 0, 1 << field.bit_length() - 1
    while other:
        if other & 1:
            made ^= one
        one <<= 1
        if one & carry:
            one ^= field
        other >>= 1
    return made


def check(values: Sequence[int], weights: Sequence[int], added: int = 0) -> int:
    """Return the check of some characters; `added` keeps one kind of number from another's."""
    for weight, value in zip(weights, values, strict=True):
        added ^= product(weight, value)
    return added
