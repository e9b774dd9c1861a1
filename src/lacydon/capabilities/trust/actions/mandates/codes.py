"""Codes and references of mandates: short, said aloud without mistakes, derived rather than stored.

The alphabet is Crockford's base 32: no I, L, O, U.
"""

import secrets

from lacydon.kernel import sealing

from ...models import Mandate

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """What names a mandate on paper and on the phone: « M-7K2P-9QXF ». It opens nothing."""
    return "M-" + _grouped("".join(secrets.choice(ALPHABET) for _each in range(8)))


def screen_code(mandate: Mandate) -> str:
    """On the helper's screen, typed by the principal in their own session: 40 bits, for minutes."""
    return _grouped(_signs(_of(mandate, purpose="mandate-screen"), 8))


def sent_code(mandate: Mandate) -> str:
    """Six digits sent to the principal's own address; five tries, for minutes."""
    return f"{int(_of(mandate, purpose='mandate-sent'), 16) % 10**6:06d}"


def stop_code(mandate: Mandate) -> str:
    """Sent with each notice: stops the mandate without a sign-in. 60 bits."""
    return _grouped(_signs(sealing.keyed_hash(str(mandate.pk), purpose="mandate-stop"), 12))


def _of(mandate: Mandate, *, purpose: str) -> str:
    assert mandate.code_until is not None
    return sealing.keyed_hash(f"{mandate.pk}\0{mandate.code_until.timestamp():.6f}", purpose=purpose)


def _signs(hexadecimal: str, number: int) -> str:
    value = int(hexadecimal, 16)
    return "".join(ALPHABET[value >> 5 * place & 31] for place in range(number))


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))
