"""Catalogues udata (data.gouv.fr)."""
