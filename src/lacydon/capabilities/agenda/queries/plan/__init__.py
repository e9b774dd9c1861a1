"""Reading the plan: what was promised, axis by axis, how it goes, at any date, and what changed since."""
