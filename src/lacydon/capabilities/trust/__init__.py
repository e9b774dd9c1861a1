"""Trust: people and agents, organisations and roles, mandates, consents, the journal of who did what for whom."""
