"""Mandates: prepared, given, confirmed, used, stopped. One function per verb, in one transaction, journalled."""

from .confirmations import accept, confirm_by_code, confirm_in_person, give, propose, witness
from .declarations import declare_child, declare_company, declare_guardian, evidence_for, refuse, verify
from .delegation import acting, hand_back, take
from .drafts import Terms, prepare
from .revocations import contest, end_all_of, renounce, revoke, stop_at_counter, stop_by_code

__all__ = [
    "Terms", "accept", "acting", "confirm_by_code", "confirm_in_person", "contest", "declare_child", "declare_company",
    "declare_guardian", "end_all_of", "evidence_for", "give", "hand_back", "prepare", "propose", "refuse", "renounce",
    "revoke", "stop_at_counter", "stop_by_code", "take", "verify", "witness",
]  # fmt: skip
