"""Django's PostgreSQL, with a health check of its connection that costs nothing while it is healthy."""
