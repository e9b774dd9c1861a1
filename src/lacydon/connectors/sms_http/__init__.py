"""SMS: a gateway of text messages, spoken to in JSON over HTTPS."""
