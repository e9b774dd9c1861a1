"""People who press the button together for the last places, and notifications of one payment that come together.

Run by test_counter_race.py in the environment of a product. Prints, as JSON, what each of them got.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import django

PEOPLE, COUNTERS = 8, 2


def together(act: Callable[[], str]) -> Counter[str]:
    """What each of so many threads got, that began at the same moment."""
    from django.db import connection

    ready, got = threading.Barrier(PEOPLE), []

    def one() -> None:
        ready.wait(timeout=30)
        try:
            got.append(act())
        except Exception as error:  # told to the test
            got.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _each in range(PEOPLE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return Counter(got)


def slots_race() -> dict[str, int]:
    from lacydon.capabilities.requests.models import CounterPlace, HeldTime, Motive
    from lacydon.capabilities.requests.queries import slots
    from lacydon.kernel.clock import today
    from tests.capabilities.requests.appointments.meeting import booked, counters

    counters(counters=COUNTERS)
    days = {"first": today() + timedelta(days=1), "last": today() + timedelta(days=20)}
    first = slots.free(CounterPlace.objects.get(), Motive.objects.get(), **days)[0]
    got = together(lambda: str(booked(first.starts_at).state))
    return dict(got) | {"held": HeldTime.objects.count()}


def payment_race() -> dict[str, int]:
    from lacydon.capabilities.requests.actions import payments
    from lacydon.capabilities.requests.models import PaymentAttempt, Step
    from lacydon.capabilities.requests.ports import PaymentResult, payment_providers
    from tests.capabilities.requests.payments.paying import Provider, due

    payment = due()
    provider = Provider()
    with payment_providers.only(provider):
        addresses = together(lambda: payments.start(payment, return_url="", notify_url="", payer="lou@exemple.fr"))
        attempt = PaymentAttempt.objects.get(state="started")
        provider.results[attempt.external_id] = PaymentResult(
            state="paid", reference=payment.reference, amount=Decimal(payment.amount)
        )
        told = together(lambda: payments.settle(PaymentAttempt.objects.get(pk=attempt.pk)))
    return dict(told) | {
        "addresses": len(addresses), "steps": Step.objects.filter(kind="payment-paid").count(),
        "attempts": PaymentAttempt.objects.count(),
    }  # fmt: skip


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"slots": slots_race(), "payment": payment_race(), "id": str(uuid4())}))
