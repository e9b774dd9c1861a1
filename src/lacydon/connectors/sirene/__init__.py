"""Companies from the national register (Sirene)."""
