"""Agents told every morning of what is late in their organisation; all the letters of one, or none."""

from django.db import transaction
from django.utils import translation

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now
from lacydon.kernel.mail import post

from ..queries import digest


def post_digests() -> int:
    """How many letters were written. An agent without a proven address is told at the desk only."""
    moment, written = now(), 0
    with trust.house():
        found = digest.lateness(moment)
    for held in found:
        with transaction.atomic(), trust.house():
            for person, lang in digest.readers(held.organisation):
                with translation.override(lang):
                    for address in trust.reach_of(person).emails:
                        post(digest.letter(held, to=address))
                        written += 1
    return written
