"""Every write of trust: check, do, journal, publish."""
