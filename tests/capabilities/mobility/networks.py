"""A small network of our own making, in GTFS: two tram-like lines that cross, a ferry, a night that goes past midnight.

Carénage ── Hôtel de Ville ── Gare ── Plateau        line 1, every day, every quarter of an hour
            Hôtel de Ville ── Anse ── Pointe Rouge   line 2, weekdays
                              Anse ~~ Île            ferry, Saturdays and Sundays
the last line 1 leaves at 24:30
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from lacydon.capabilities.mobility.actions.importing import put_in_force
from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.timetable import Timetable

STOPS = """stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding,ext_netex_id
car,Carénage,43.2920,5.3640,0,,1,AMP:PNT:1
hdv1,Hôtel de Ville,43.2960,5.3700,0,,1,AMP:PNT:2
hdv2,Hôtel de Ville,43.2963,5.3705,0,,0,AMP:PNT:3
gare,Gare,43.3030,5.3800,0,,2,AMP:PNT:4
pla,Plateau,43.3100,5.3900,0,,1,AMP:PNT:5
anse,Anse,43.2850,5.3600,0,,1,AMP:PNT:6
poi,Pointe Rouge,43.2450,5.3720,0,,0,AMP:PNT:7
ile,Île,43.2800,5.3250,0,,2,AMP:PNT:8
"""


def times(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def network_files() -> dict[str, str]:
    trips = ["route_id,service_id,trip_id,trip_headsign,direction_id,wheelchair_accessible"]
    calls = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]

    def trip(
        route: str, service: str, id: str, headsign: str, direction: int, start: int, stops: list[tuple[str, int]]
    ) -> None:
        trips.append(f"{route},{service},{id},{headsign},{direction},1")
        for n, (stop, after) in enumerate(stops):
            calls.append(f"{id},{times(start + after)},{times(start + after)},{stop},{n + 1}")

    one = [("car", 0), ("hdv1", 300), ("gare", 660), ("pla", 1020)]
    back = [("pla", 0), ("gare", 360), ("hdv1", 720), ("car", 1020)]
    for n in range(78):  # 05:15 to 24:30
        start = 5 * 3600 + 900 + n * 900
        trip("1", "tous", f"1-aller-{n:02d}", "Plateau", 0, start, one)
        trip("1", "tous", f"1-retour-{n:02d}", "Carénage", 1, start, back)
    for n in range(30):
        start = 6 * 3600 + n * 1800
        trip("2", "semaine", f"2-aller-{n:02d}", "Pointe Rouge", 0, start, [("hdv2", 0), ("anse", 420), ("poi", 1500)])
    for n in range(8):
        trip("bac", "fin", f"bac-{n}", "Île", 0, 9 * 3600 + n * 3600, [("anse", 0), ("ile", 1200)])
    return {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nAMP,Réseau d’exemple,https://exemple.test/,Europe/Paris\n",
        "stops.txt": STOPS,
        "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type,route_color,route_text_color\n"
        "1,AMP,1,Carénage – Plateau,0,0B5C8A,FFFFFF\n2,AMP,2,Hôtel de Ville – Pointe Rouge,3,A8480F,FFFFFF\n"
        "bac,AMP,Bac,Anse – Île,4,1F6B45,FFFFFF\n",
        "trips.txt": "\n".join(trips) + "\n",
        "stop_times.txt": "\n".join(calls) + "\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "tous,1,1,1,1,1,1,1,20260101,20271231\nsemaine,1,1,1,1,1,0,0,20260101,20271231\nfin,0,0,0,0,0,1,1,20260101,20271231\n",
        "calendar_dates.txt": "service_id,date,exception_type\nsemaine,20261225,2\nfin,20261225,1\n",
    }


def feed(path: Path, files: Mapping[str, str | bytes | None] = {}) -> Path:
    """A zip of the small network at `path`; `files` replaces some, None leaves one out."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**network_files(), **files}.items():
            if text is not None:
                archive.writestr(name, text)
    return path


def small_network(folder: Path, files: Mapping[str, str | bytes | None] = {}) -> Timetable:
    """Its timetable, not in force; prefix AMP, one commune 13055."""
    given = Given(path=feed(folder / "network.zip", files), id="exemple", prefix="AMP", name="Réseau d’exemple")
    return gather([given], citycode_at=lambda lon, lat: "13055")


def network_in_force(folder: Path, files: Mapping[str, str | bytes | None] = {}) -> Timetable:
    """The same, which every page and API reads (needs the database)."""
    table = small_network(folder, files)
    put_in_force(table=table)
    return table
