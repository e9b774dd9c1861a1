"""What every request goes through, outermost first: see MIDDLEWARE in config/settings.py."""
