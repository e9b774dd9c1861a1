"""The data harbour: datasets of the territory, checked before they are published."""
