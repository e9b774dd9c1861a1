"""Journeys by streets, from an OpenTripPlanner server."""
