"""Extension points: what a capability may offer to the whole house, all in this one file.

A capability plugs in from its own `plugs.py`, imported by its AppConfig:

    @search_documents.plug("services")
    def documents() -> Iterable[Document]: ...

Whoever needs the offers calls the point: `for name, offer in search_documents.items(): offer()`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

Offer = TypeVar("Offer", bound=Callable[..., Any])


class ExtensionPoint(Generic[Offer]):
    """A named place where capabilities leave a function, in the order they arrive."""

    def __init__(self, name: str, meaning: str) -> None:
        self.name = name
        self.meaning = meaning
        self._offers: dict[str, Offer] = {}

    def plug(self, name: str) -> Callable[[Offer], Offer]:
        """Decorator that leaves a function here under `name`; a name is taken once."""

        def leave(offer: Offer) -> Offer:
            if self._offers.get(name, offer) is not offer:
                raise ValueError(f"{self.name} already has an offer called {name}")
            self._offers[name] = offer
            return offer

        return leave

    def items(self) -> Iterator[tuple[str, Offer]]:
        return iter(tuple(self._offers.items()))

    def __getitem__(self, name: str) -> Offer:
        return self._offers[name]

    @contextmanager
    def temporarily(self, name: str, offer: Offer) -> Iterator[None]:
        """For tests: an offer that goes away again."""
        before = dict(self._offers)
        self._offers[name] = offer
        try:
            yield
        finally:
            self._offers = before


search_documents: ExtensionPoint[Callable[[], Iterable[Any]]] = ExtensionPoint(
    "search_documents", "documents for the one search: () -> iterable of kernel.search.Document"
)
folder_readers: ExtensionPoint[Callable[..., Any]] = ExtensionPoint(
    "folder_readers", "reads and loads one capability's part of a territory folder: see kernel.folder.Reader"
)
readiness: ExtensionPoint[Callable[[], str | None]] = ExtensionPoint(
    "readiness", "() -> None when ready, else a sentence that says what is missing"
)
preparations: ExtensionPoint[Callable[[], None]] = ExtensionPoint(
    "preparations", "() -> None: makes, before a process serves anybody, what a visitor would wait for; may be Refused"
)
visitors: ExtensionPoint[Callable[[Any], Any]] = ExtensionPoint(
    "visitors", "who is behind a request: (HttpRequest) -> kernel.access.Actor; one capability answers, trust"
)
gatekeepers: ExtensionPoint[Callable[..., None]] = ExtensionPoint(
    "gatekeepers", "(actor, action) -> None, or raises Refused when this actor may never do this; trust answers"
)
notices: ExtensionPoint[Callable[[Any], Any]] = ExtensionPoint(
    "notices", "what every page tells a visitor who has a session: (HttpRequest) -> safe HTML, or nothing"
)
proven_claims: ExtensionPoint[Callable[[Any], Any]] = ExtensionPoint(
    "proven_claims", "what the provider said of who is signed in: (HttpRequest) -> mapping of claims; trust answers"
)
permissions: ExtensionPoint[Callable[[], Iterable[Any]]] = ExtensionPoint(
    "permissions", "what may be done in a capability, and who may: () -> iterable of kernel.access.Permission"
)
roles: ExtensionPoint[Callable[[], Iterable[Any]]] = ExtensionPoint(
    "roles", "the roles an agent can hold in a capability: () -> iterable of kernel.access.Role"
)
personal_data: ExtensionPoint[Callable[[], Any]] = ExtensionPoint(
    "personal_data", "what a capability knows about people: () -> kernel.personal.PersonalData; export and erasure"
)
wrapped_keys: ExtensionPoint[Callable[[], Any]] = ExtensionPoint(
    "wrapped_keys", "() -> kernel.rotation.WrappedKeys: keys kept wrapped under a KEK, to count and to wrap again"
)
antivirus: ExtensionPoint[Callable[[], Any]] = ExtensionPoint(
    "antivirus", "() -> kernel.uploads.Antivirus: looks at each file that people send"
)
texters: ExtensionPoint[Callable[[], Any]] = ExtensionPoint(
    "texters", "() -> kernel.texting.Texter: a gateway that sends text messages (SMS)"
)
service_cards: ExtensionPoint[Callable[..., Any]] = ExtensionPoint(
    "service_cards",
    "what can be done online: (service: id, keywords; citycode) -> kernel.cards.Card, or None; shown on its sheet",
)
tracked_items: ExtensionPoint[Callable[[Any], Iterable[Any]]] = ExtensionPoint(
    "tracked_items", "what goes on for a visitor, in their space: (Actor) -> iterable of kernel.cards.Tracked"
)
indicators: ExtensionPoint[Callable[[], Iterable[Any]]] = ExtensionPoint(
    "indicators", "figures a capability computes of itself: () -> iterable of kernel.cards.Indicator"
)
desks: ExtensionPoint[Callable[[], Iterable[Any]]] = ExtensionPoint(
    "desks", "where agents work, by the roles they hold: () -> iterable of kernel.cards.Desk; in the agents' menu"
)
pages_worth_finding: ExtensionPoint[Callable[[], Iterable[str]]] = ExtensionPoint(
    "pages_worth_finding", "addresses for sitemap.xml, in the active language: () -> iterable of paths"
)
ALL = tuple(each for each in tuple(globals().values()) if isinstance(each, ExtensionPoint))
