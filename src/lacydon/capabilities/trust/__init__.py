"""The zone of trust: people, agents, mandates, consents, the journal."""
