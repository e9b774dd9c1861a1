"""The JSON and XML faces of requests."""
