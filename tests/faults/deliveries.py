"""What the test of deliveries does in processes of its own: `python -m tests.faults.deliveries OPEN|CUT|WORK [URL]`.

`open`: a request is opened, its authority being handed its requests at URL; `cut`: the same in a process that ends as the
transaction is committed, before anything else; `work`: what waits is done now, and what became of all is told as JSON.
"""

import json
import os
import sys

import django


def open_one(url: str, *, cut: bool) -> None:
    from lacydon.capabilities.requests.public import Where
    from lacydon.kernel import events
    from tests.capabilities.requests import made
    from tests.capabilities.requests.delivery import handing

    handing.routes({"channel": "open311", "settings": {"url": url, "services": {"essai": "BIN-BROKEN"}}})
    if cut:
        events._deliver = lambda _event: os._exit(0)
    made.opened(where=Where(citycode="97001", lon=5.1, lat=43.1), words="Le bac est cassé")


def work() -> list[dict[str, object]]:
    from lacydon.capabilities.requests.models import Delivery
    from lacydon.kernel import jobs, schedule
    from lacydon.kernel.clock import now

    Delivery.objects.filter(next_at__isnull=False).update(next_at=now())
    Delivery.objects.filter(pull_at__isnull=False).update(pull_at=now())
    jobs.work(once=True, patience=0, each_beat=schedule.beat)
    return [
        {
            "delivery": row.state,
            "attempts": row.attempts,
            "reference": row.reference,
            "request": row.request.state,
            "steps": [step.kind for step in row.request.steps.all()],
        }
        for row in Delivery.objects.select_related("request").order_by("queued_at")
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lacydon.config.settings")
    django.setup()
    if sys.argv[1] == "work":
        print(json.dumps(work()))
    else:
        open_one(sys.argv[2], cut=sys.argv[1] == "cut")
