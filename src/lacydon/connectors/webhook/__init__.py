"""Signed webhooks: requests handed as JSON to any system that listens."""
