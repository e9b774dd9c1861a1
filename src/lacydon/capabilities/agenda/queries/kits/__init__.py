"""Kits: what one commune made, as a folder of text that another adopts."""
