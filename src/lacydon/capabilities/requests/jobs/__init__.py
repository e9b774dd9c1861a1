"""Background work of requests, one file a topic."""
