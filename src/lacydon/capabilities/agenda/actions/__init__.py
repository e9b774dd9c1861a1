"""What is done to the agenda."""
