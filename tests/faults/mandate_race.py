"""A mandate revoked while helpers act under it, round after round, in threads with connections of their own.

Run by test_mandate_race.py in the environment of a product: `python -m tests.faults.mandate_race ROUNDS [unlocked]`.
Prints, as JSON, how many acts were done, how many began or were committed after the commit of the revocation (must be
none), and how many are missing in the journal (none). `unlocked`: without the lock, to see that it is the lock.
"""

import json
import random
import sys
import threading
import time
from types import SimpleNamespace

import django

HELPERS = 3


def main(rounds: int, *, unlocked: bool) -> dict[str, int]:
    from django.db import connection, transaction

    from lacydon.capabilities.trust.actions import mandates
    from lacydon.capabilities.trust.errors import MandateOver
    from lacydon.capabilities.trust.models import Entry
    from lacydon.capabilities.trust.queries import policy
    from tests.capabilities.trust.helping import Help

    if unlocked:
        locked = policy.still_holds
        without = lambda actor, for_update=True: locked(actor, for_update=False)  # noqa: E731
        policy.still_holds = without
        mandates.delegation.still_holds = without
    help_ = Help()
    told = {"rounds": rounds, "acts": 0, "late": 0, "missing": 0, "refused": 0}
    counting = threading.Lock()

    def act(actor, object, revoked, begun) -> None:
        done = refused = late = 0
        while not refused:
            time.sleep(random.random() * 0.01)  # SQLite's queue of writers is not fair: let the others in
            before = revoked.is_set()
            try:
                with mandates.acting(actor=actor, action="proof.give", object=object, named="proof:1", purpose="race"):
                    time.sleep(random.random() * 0.003)
                    entry_is_late = before or revoked.is_set()
                # What is checked last, inside the transaction, is checked before its commit.
                done, late = done + 1, late + entry_is_late
                begun.set()
            except MandateOver:
                refused += 1
        connection.close()
        with counting:
            told["acts"] += done
            told["late"] += late
            told["refused"] += refused

    for _round in range(rounds):
        with transaction.atomic():
            mandate = help_.given()
            actor = mandates.take(actor=help_.helper, reference=mandate.reference)
        object = SimpleNamespace(person_id=help_.resident.id, themes=["logement"])
        revoked, begun = threading.Event(), threading.Event()
        before = told["acts"]
        threads = [
            threading.Thread(target=act, args=(actor, object, revoked, begun), daemon=True) for _each in range(HELPERS)
        ]
        for each in threads:
            each.start()
        begun.wait(10)
        time.sleep(random.random() * 0.01)
        mandates.revoke(actor=help_.me, reference=mandate.reference)
        revoked.set()
        for each in threads:
            each.join()
        kept = Entry.objects.filter(mandate=str(mandate.pk), action="proof.give").count()
        told["missing"] += abs(told["acts"] - before - kept)
    return told


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]), unlocked="unlocked" in sys.argv)))
