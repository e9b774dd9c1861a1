"""Services OGC (API Records, API Features, WFS)."""
