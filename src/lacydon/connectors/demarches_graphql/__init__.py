"""demarche.numerique.gouv.fr, and what speaks like it: prefilled files, followed by GraphQL."""
