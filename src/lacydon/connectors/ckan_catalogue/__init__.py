"""Catalogues CKAN."""
