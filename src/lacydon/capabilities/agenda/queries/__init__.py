"""What is asked of the agenda."""
