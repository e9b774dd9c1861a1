"""Roles of the agenda, and what each opens."""

WRITER, STEWARD = "agenda.writer", "agenda.steward"
WRITING = frozenset((WRITER, STEWARD))
"""Who writes actions: a writer those their organisation leads, a steward all."""
STEWARDING = frozenset((STEWARD,))
"""Who freezes a vote and writes what ties the plan together."""
DECIDER = "agenda.decider"
SEEING = frozenset((DECIDER, STEWARD))
"""Who sees the screen of those who decide, with what is kept inside, and shares it by a link."""
REPLICATOR = "agenda.replicator"
REPLICATING = frozenset((REPLICATOR,))
"""Who exports and adopts kits, for the commune they work for."""
TELLING = frozenset((WRITER, STEWARD, REPLICATOR))
"""Who tells what their commune tried, and what it is."""
