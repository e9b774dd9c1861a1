"""What is asked of transport."""
