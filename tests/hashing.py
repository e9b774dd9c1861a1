"""The hasher of passphrases of the product, at a cost nobody would choose: its own is half a second a phrase."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    """Same algorithm, same format. What the product's own costs is in tests/capabilities/trust/accounts/test_passphrase.py."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
