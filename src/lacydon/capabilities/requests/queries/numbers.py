"""What people read and say: the number of a request, and the secret that opens it without an account."""

import hmac
import secrets
from uuid import UUID

from lacydon.kernel import sealing
from lacydon.kernel.clock import LOCAL, now

SIGNS = "23456789ABCDEFGHJKMNPQRTUVWXYZ"
"""None that is taken for another (0 O, 1 I L, 5 S)."""
MARKS = 12
"""Signs of a secret, and of the mark at the end of a code."""


def new_number() -> str:
    """R-2026-7KQ4M2: the year, then six signs drawn at random (729 million): it says nothing of how many there are."""
    drawn = "".join(secrets.choice(SIGNS) for _each in range(6))
    return f"R-{now().astimezone(LOCAL).year}-{drawn}"


def secret_of(submission: UUID) -> str:
    """The secret of the request made by this submission: the same when the answer was lost and it is sent again."""
    return grouped(signs_of(str(submission), purpose="request-secret"))


def signs_of(said: str, *, purpose: str) -> str:
    """Twelve signs that only this platform can make of what is said."""
    number = int.from_bytes(bytes.fromhex(sealing.keyed_hash(said, purpose=purpose))[:10], "big")
    signs = []
    for _each in range(MARKS):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(signs)


def grouped(signs: str) -> str:
    """By four, as people read them."""
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def bare_code(typed: str) -> str:
    """A code as people type it, without what is not a sign."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())[:40]


def hash_of(secret: str) -> str:
    """What is kept of a secret; written in any case, with or without its dashes."""
    bare = "".join(sign for sign in secret.upper() if sign in SIGNS)
    return sealing.keyed_hash(bare, purpose="request-secret-check")


def opens(secret: str, *, kept: str) -> bool:
    return hmac.compare_digest(hash_of(secret), kept)


def tidy_number(typed: str) -> str:
    """A number as people type it: « r 2026 7kq4m2 »."""
    bare = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    return f"{bare[0]}-{bare[1:5]}-{bare[5:]}" if len(bare) == 11 else typed.strip().upper()
