"""Roles of transport, and what each opens."""

OPERATOR, STEWARD = "mobility.operator", "mobility.steward"
WRITING = frozenset((OPERATOR, STEWARD))
"""Who writes disruptions."""
STEWARDING = frozenset((STEWARD,))
"""Who puts timetables in force."""
