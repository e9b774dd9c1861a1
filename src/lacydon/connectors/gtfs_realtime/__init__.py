"""Real time in GTFS-RT."""
