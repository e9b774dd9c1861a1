"""The roles an agent can hold in the data harbour, and what each set of them may do."""

PUBLISHER = "data.publisher"
STEWARD = "data.steward"
READER = "data.reader"

PUBLISHING = frozenset({PUBLISHER, STEWARD})
STEWARDING = frozenset({STEWARD})
READING = frozenset({READER, PUBLISHER, STEWARD})
