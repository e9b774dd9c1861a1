"""Open311 GeoReport v2: requests handed to the system that a commune runs itself."""
