"""Charging points, in the national schemas of IRVE."""
