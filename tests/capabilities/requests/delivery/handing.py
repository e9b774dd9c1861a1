"""Handing over in the tests: a channel that does what it is told, routes to it, and the outbox worked through."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from lacydon.capabilities.requests.actions import delivery, following, relaying
from lacydon.capabilities.requests.actions.routes import load_routes
from lacydon.capabilities.requests.models import Delivery, Route
from lacydon.capabilities.requests.ports import Channel, Health, News, Parcel, Receipt, Status
from lacydon.kernel import clock
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.texts import Written
from tests.capabilities.requests import made


class Settings(Written):
    url: str = "https://theirs.example"
    secret: str = ""


class Theirs(Channel):
    """The other side: `kept` is what it holds, by idempotency key; `behave` is called before it keeps, `lose` after."""

    id = "theirs"
    title = "Leur logiciel"
    shape = Settings
    secrets = frozenset({"secret"})
    pulls = True

    def __init__(self) -> None:
        self.kept: dict[str, Parcel] = {}
        self.tried: list[Parcel] = []
        self.behave: Callable[[], None] = lambda: None
        self.lose: Callable[[], None] = lambda: None
        self.status: Status | None = None
        self.asked: list[str] = []
        self.files: list[str] = []
        self.told: list[News] = []
        self.deaf = False
        self.receipt = Receipt(state="accepted", reference="T-1")

    def send(self, parcel: Parcel, settings: Any) -> Receipt:
        self.tried.append(parcel)
        self.behave()
        self.kept[parcel.idempotency_key] = parcel
        self.lose()
        return self.receipt

    def pull(self, reference: str, settings: Any) -> Status | None:
        self.asked.append(reference)
        self.behave()
        return self.status

    def hand_files(self, parcel: Parcel, reference: str, settings: Any) -> None:
        self.behave()
        self.files.append(reference)

    def tell(self, parcel: Parcel, reference: str, news: News, settings: Any) -> bool:
        self.behave()
        if self.deaf:
            return False
        self.told.append(news)
        return True

    def check(self, settings: Any) -> Health:
        return Health(ok=True, sentence="Le logiciel de la mairie répond.")


def away() -> None:
    raise Unavailable("Le serveur ne répond pas.")


def routes(*told: dict[str, Any]) -> None:
    """The whole of deliveries.yaml."""
    rows = [
        Route(
            **(
                {"id": f"route-{at}", "authority": made.BODY, "channel": "theirs", "patience_days": 7, "position": at}
                | each
            )
        )
        for at, each in enumerate(told)
    ]
    load_routes(rows)


class Time:
    """The moment, held: `time.later(hours=1)`."""

    def __init__(self, monkeypatch: Any) -> None:
        self.moment = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.moment)

    def later(self, **by: float) -> None:
        self.moment += timedelta(**by)

    def next(self) -> None:
        """To the next try that is planned, if there is one; else an hour on."""
        planned = Delivery.objects.filter(next_at__isnull=False).order_by("next_at").first()
        self.moment = max(planned.next_at, self.moment) if planned else self.moment + timedelta(hours=1)


def work() -> int:
    """Every try that is due now; how many."""
    due = delivery.take_due(most=100)
    for id, turn in due:
        delivery.attempt(delivery=id, turn=turn)
    return len(due)


def relay() -> None:
    """Everything that is to be told now."""
    for id, turn in delivery.take_due(most=100, states=delivery.HANDED):
        relaying.relay(delivery=id, turn=turn)


def follow() -> int:
    """Every question whose turn it is; how many had news."""
    return following.pull_all(deliveries=following.take_pulls(most=100))


def queued(**fields: Any) -> Delivery:
    """A request just opened, and its row in the outbox."""
    return Delivery.objects.get(request=made.opened(**fields).request)
