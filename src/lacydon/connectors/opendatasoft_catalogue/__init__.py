"""Portails Opendatasoft."""
