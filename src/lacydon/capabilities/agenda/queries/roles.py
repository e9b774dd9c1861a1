"""Roles of the agenda, and what each opens."""

WRITER, STEWARD = "agenda.writer", "agenda.steward"
WRITING = frozenset((WRITER, STEWARD))
"""Who writes actions: a writer those their organisation leads, a steward all."""
STEWARDING = frozenset((STEWARD,))
"""Who freezes a vote, writes what ties the plan together, and sees the screen of the decision-maker."""
REPLICATOR = "agenda.replicator"
REPLICATING = frozenset((REPLICATOR,))
"""Who exports and adopts kits, for the commune they work for."""
TELLING = frozenset((WRITER, STEWARD, REPLICATOR))
"""Who tells what their commune tried, and what it is."""
