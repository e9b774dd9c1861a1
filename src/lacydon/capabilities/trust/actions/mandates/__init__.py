"""Mandates: prepared, given, confirmed, used, stopped. One function per verb; each in one transaction, journalled."""

from .delegation import acting, hand_back, take
from .confirmations import confirm_by_code, confirm_in_person, give, witness
from .declarations import declare_child, declare_company, declare_guardian, evidence_for, refuse, verify
from .drafts import Terms, prepare
from .revocations import contest, end_all_of, renounce, revoke, stop_at_counter, stop_by_code

__all__ = [
    "Terms", "acting", "confirm_by_code", "confirm_in_person", "contest", "declare_child", "declare_company",
    "declare_guardian", "end_all_of", "evidence_for", "give", "hand_back", "prepare", "refuse", "renounce", "revoke",
    "stop_at_counter", "stop_by_code", "take", "verify", "witness",
]  # fmt: skip
