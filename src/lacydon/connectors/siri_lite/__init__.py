"""Real time in SIRI Lite."""
