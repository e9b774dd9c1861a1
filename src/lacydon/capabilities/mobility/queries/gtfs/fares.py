"""Prices, of Fares v1 or v2: shown, never sold."""

import re
from decimal import Decimal, InvalidOperation

from ..timetable.nouns import Fare
from .gathered import Reading
from .stops import whole

EUROS = "EUR"
MEDIA = re.compile(r"\s+")


def read_fares(reading: Reading) -> None:
    """Fares v2 when the feed has them; both would say the same prices twice."""
    if "fare_products.txt" in reading.archive:
        _products(reading)
    else:
        _attributes(reading)


def _euros(reading: Reading, file: str, line: int, price: str, currency: str) -> str:
    if currency and currency.upper() != EUROS:
        reading.remarks.add("currency", file, line=line, example=currency)
        return ""
    try:
        amount = Decimal(price)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        reading.remarks.add("price", file, line=line, example=price)
        return ""
    return f"{amount:.2f}"


def _attributes(reading: Reading) -> None:
    """fare_attributes.txt, and the lines of fare_rules.txt."""
    table = reading.archive.table("fare_attributes.txt")
    if table is None:
        return
    lines: dict[str, set[int]] = {}
    rules = reading.archive.table("fare_rules.txt")
    for line, (fare, route) in rules.rows(("fare_id", "route_id")) if rules else ():
        if route in reading.routes:
            lines.setdefault(fare, set()).add(reading.routes[route])
        elif route:
            reading.remarks.add("unknown-route", "fare_rules.txt", line=line, example=route)
    for line, (id_, price, currency, transfers, lasts) in table.rows(
        ("fare_id", "price", "currency_type", "transfers", "transfer_duration")
    ):
        euros = _euros(reading, table.name, line, price, currency)
        if euros:
            seconds = whole(lasts, -1)
            reading.to.fares.append(
                Fare(
                    id=reading.mark + id_, name=id_, euros=euros, minutes=seconds // 60 if seconds > 0 else -1,
                    transfers=whole(transfers, -1), routes=tuple(sorted(lines.get(id_, ()))), feed=reading.here,
                )
            )  # fmt: skip


def _products(reading: Reading) -> None:
    """fare_products.txt with the name of its medium, and the lines of the networks that fare_leg_rules.txt gives it."""
    table = reading.archive.table("fare_products.txt")
    assert table is not None
    media = _names(reading, "fare_media.txt", "fare_media_id", "fare_media_name")
    networks = _networks(reading)
    lines: dict[str, set[int]] = {}
    rules = reading.archive.table("fare_leg_rules.txt")
    for _line, (network, product) in rules.rows(("network_id", "fare_product_id")) if rules else ():
        lines.setdefault(product, set()).update(networks.get(network, ()))
    seen: set[tuple[str, str]] = set()
    for line, (id_, name, medium, amount, currency) in table.rows(
        ("fare_product_id", "fare_product_name", "fare_media_id", "amount", "currency")
    ):
        euros = _euros(reading, table.name, line, amount, currency)
        if not euros or (id_, medium) in seen:
            continue
        seen.add((id_, medium))
        on = media.get(medium, medium)
        reading.to.fares.append(
            Fare(
                id=reading.mark + (f"{id_}/{medium}" if medium else id_),
                name=f"{name or id_} ({on})" if on else name or id_,
                euros=euros,
                routes=tuple(sorted(lines.get(id_, ()))),
                feed=reading.here,
            )
        )


def _names(reading: Reading, file: str, id_: str, name: str) -> dict[str, str]:
    table = reading.archive.table(file)
    return dict(cells for _line, cells in table.rows((id_, name))) if table else {}  # type: ignore[misc]


def _networks(reading: Reading) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for file in ("route_networks.txt", "routes.txt"):
        table = reading.archive.table(file)
        for _line, (network, route) in table.rows(("network_id", "route_id")) if table else ():
            if network and route in reading.routes:
                found.setdefault(network, set()).add(reading.routes[route])
    return found
