"""The JSON and RDF faces of the catalogue."""
