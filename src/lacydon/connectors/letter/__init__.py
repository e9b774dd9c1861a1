"""E-mail that people and machines can read: requests for a town hall that has no system of its own."""
