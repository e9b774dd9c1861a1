"""The catalogue of public services (CPSV-AP): one definition serves every commune."""
