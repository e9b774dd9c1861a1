"""Background work of requests, one file for each topic."""
