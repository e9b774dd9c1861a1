"""What the agenda does beside its pages."""
