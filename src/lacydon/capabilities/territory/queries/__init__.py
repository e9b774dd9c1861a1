"""Every read of the territory."""
