"""Catalogues DCAT (RDF, JSON-LD)."""
