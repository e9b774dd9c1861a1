"""Every write of the data harbour."""
