"""What is asked of requests; nothing is changed here."""
