"""Django's PostgreSQL, with two things that cost no round trip: the health check, the settings of a session."""
