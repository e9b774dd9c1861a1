"""Who answers for what evaluations ask is told before its date, and once it is past; all of a house, or none."""

from django.db import transaction

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now, today
from lacydon.kernel.mail import post

from ..models import Reminder
from ..queries.chart import chart
from ..queries.learning.reminding import letter, readers, to_tell
from ..queries.writing.rights import house_of


def remind() -> int:
    """How many letters were written. Where nobody has a proven address nothing is told, and it is tried again."""
    held, written = chart(), 0
    house = house_of(held)
    for organisation, due in to_tell(held, house=house, today=today()).items():
        with transaction.atomic(), trust.house():
            addresses = [
                address
                for person in sorted(readers(organisation, house=house))
                for address in trust.reach_of(person).emails
            ]
            if not addresses:
                continue
            Reminder.objects.bulk_create(
                Reminder(
                    evaluation=each.evaluation, recommendation=each.recommendation, organisation=organisation,
                    due=each.by, moment=each.moment, told_at=now(),
                )
                for each in due
            )  # fmt: skip
            for address in dict.fromkeys(addresses):
                post(letter(due, to=address))
                written += 1
    return written
