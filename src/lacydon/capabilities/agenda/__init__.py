"""The agenda: what was promised and voted, what is done, with what money and what effect."""
