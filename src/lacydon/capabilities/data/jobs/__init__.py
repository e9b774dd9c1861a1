"""Background work of the data harbour."""
