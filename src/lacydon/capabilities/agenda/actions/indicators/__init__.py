"""What is done to readings."""
