"""Mandates: prepared, given, confirmed, used, stopped. One function per verb; each in one transaction, journalled."""

from .acting import acting, hand_back, take
from .confirm import confirm_by_code, confirm_in_person, give, witness
from .declare import declare_child, declare_company, declare_guardian, evidence_for, refuse, verify
from .prepare import Terms, prepare
from .stop import contest, end_all_of, renounce, revoke, stop_at_counter, stop_by_code

__all__ = [
    "Terms", "acting", "confirm_by_code", "confirm_in_person", "contest", "declare_child", "declare_company",
    "declare_guardian", "end_all_of", "evidence_for", "give", "hand_back", "prepare", "refuse", "renounce", "revoke",
    "stop_at_counter", "stop_by_code", "take", "verify", "witness",
]  # fmt: skip
