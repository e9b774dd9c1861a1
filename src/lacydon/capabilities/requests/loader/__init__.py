"""Reads the parts of a territory's folder that are about requests."""
