"""Every read of the data harbour."""
