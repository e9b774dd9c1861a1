"""The front page: one need, one place."""
