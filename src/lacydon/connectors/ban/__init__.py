"""Addresses from the national address API."""
