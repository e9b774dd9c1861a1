"""Démarches: forms, requests, back office, delivery to whoever is competent."""
