"""Free places of car parks, from open data portals."""
