"""The rules of a timetable, and how they are told."""

from lacydon.capabilities.mobility.queries.gtfs import RULES, Severity


def test_rules_have_a_gravity_and_a_sentence() -> None:
    assert len(RULES) >= 25
    assert all(str(rule.sentence).endswith(".") for rule in RULES.values())
    assert {rule.severity for rule in RULES.values()} == set(Severity)
