"""Streets invented around a point: house numbers on both sides, as the national base has them."""

import math

from lacydon.capabilities.territory.public import AddressRow, import_addresses

METRES = 111_195.0


def street(
    name="Rue des Lilas", *, lon=5.10, lat=43.10, numbers=range(1, 41), pace=10.0, turn=0.0, citycode="97001",
    city="Olivette",
):  # fmt: skip
    """Rows of a straight street that begins at a point; odd numbers 9 m on its left. `turn`: degrees from the east."""
    along, across = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    narrow = math.cos(math.radians(lat))
    key = f"{citycode}_{abs(hash((name, city))) % 9000:04d}"
    for number in numbers:
        far, side = number * pace, 9.0 if number % 2 else -9.0
        east, north = far * along - side * across, far * across + side * along
        yield AddressRow(
            street_ban_id=key, ban_id=f"{key}_{number:05d}", number=number, suffix="", street=name, postcode="97100",
            citycode=citycode, city=city, old_city="", lon=round(lon + east / METRES / narrow, 6),
            lat=round(lat + north / METRES, 6), x=None, y=None,
        )  # fmt: skip


def imported(*streets, content="un"):
    return import_addresses(rows=[row for each in streets for row in each], name="rues.csv", content=content)
