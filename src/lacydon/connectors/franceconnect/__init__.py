"""Residents sign in with FranceConnect."""
