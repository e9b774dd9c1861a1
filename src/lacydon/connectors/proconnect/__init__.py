"""Agents sign in with ProConnect."""
