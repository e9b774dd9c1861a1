"""Clients of the data that people have already, as npm has them."""
