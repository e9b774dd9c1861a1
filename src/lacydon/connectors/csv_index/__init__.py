"""Liste de jeux de données en CSV (SCDL catalogue)."""
