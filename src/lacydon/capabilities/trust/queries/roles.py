"""Roles of agents here."""

HELPER, PROTECTION = "trust.helper", "trust.protection"
MANAGER, VERIFIER, ASKER = "trust.manager", "trust.verifier", "trust.asker"
