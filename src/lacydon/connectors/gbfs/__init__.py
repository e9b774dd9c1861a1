"""Bicycles to share, in GBFS."""
