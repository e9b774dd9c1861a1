"""Real time in SIRI, over SOAP."""
