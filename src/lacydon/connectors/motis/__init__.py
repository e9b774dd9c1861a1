"""Journeys by streets, from a MOTIS server."""
