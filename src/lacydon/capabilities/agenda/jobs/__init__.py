"""What the agenda does by itself."""
