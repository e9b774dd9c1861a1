"""Sessions: Django's, the key hashed at rest, with the person they belong to, so that they can be ended."""

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from .people import Person


class Session(AbstractBaseSession):
    """`session_key` holds a hash: who reads the database cannot take over a session."""

    session_key = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    browser = models.CharField(max_length=80, blank=True, help_text="In a few words, so that its owner knows it.")

    objects = BaseSessionManager()  # type: ignore[misc]

    class Meta:
        indexes = [models.Index(fields=["expire_date"], name="session_expiry")]

    def __str__(self) -> str:
        return f"session of {self.person_id}"
