"""Roles of agents here, and which of them do what."""

AGENT, READER, MANAGER, EDITOR = "requests.agent", "requests.reader", "requests.manager", "requests.editor"
HANDLING = frozenset({AGENT, MANAGER})
"""Who looks after requests."""
SEEING = frozenset({AGENT, MANAGER, READER})
