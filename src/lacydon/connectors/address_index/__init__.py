"""Addresses without the network: the national address base, imported and searched here."""
