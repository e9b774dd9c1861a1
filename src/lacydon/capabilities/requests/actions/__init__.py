"""What is done to requests: one function a verb."""
