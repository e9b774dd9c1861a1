"""A feed is read the same whatever its form; what is wrong in it is named, and refused when nothing is left."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.mobility.errors import UnreadableFeed
from lacydon.capabilities.mobility.queries.gtfs import Given, Merged, merge
from lacydon.capabilities.mobility.queries.timetable import Timetable
from tests.capabilities.mobility.networks import STOPS, feed, network_files

TODAY = date(2026, 11, 29)


def read(folder: Path, changed: Mapping[str, str | bytes | None] = {}, **said: object) -> Merged:
    path = feed(folder / "feed.zip", changed)
    return merge([Given(path=path, id="f", prefix="F", content="x")], citycode_at=lambda x, y: "13055", today=TODAY)


def codes(merged: Merged) -> dict[str, int]:
    return {each.code: each.count for each in merged.reports["f"].remarks}


def trips(table: Timetable) -> dict[str, tuple[object, ...]]:
    """Everything of each trip, by its id: what a reader must find, in whatever order it numbers things."""
    found = {}
    for n, id_ in enumerate(table.trip_ids):
        pattern = int(table.trip_pattern[n])
        span = slice(int(table.pattern_first[pattern]), int(table.pattern_first[pattern + 1]))
        found[id_] = (
            table.route_of(n).id,
            table.service_ids[int(table.trip_service[n])],
            table.headsigns[int(table.trip_headsign[n])],
            [table.stops[s].id for s in table.stops_of(pattern)],
            table.arrival[table.calls_of(n)].tolist(),
            table.departure[table.calls_of(n)].tolist(),
            table.pattern_boards[span].tolist(),
            table.pattern_alights[span].tolist(),
        )
    return found


FORMS = {
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without its mark": lambda text: text.encode("utf-16-le"),
    "windows": lambda text: text.encode("cp1252"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "old ends of lines": lambda text: text.replace("\n", "\r").encode(),
    "no last end of line": lambda text: text.rstrip("\n").encode(),
    "quotes": lambda text: _quoted(text).encode(),
    "spaces": lambda text: text.replace(",", " , ").encode(),
    "empty lines": lambda text: text.replace("\n", "\n\n").encode(),
}


def _quoted(text: str) -> str:
    made = io.StringIO()
    csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    return made.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_feed_in_another_form_is_the_same(form: str, tmp_path: Path) -> None:
    right = read(tmp_path).table
    merged = read(tmp_path, {name: FORMS[form](text) for name, text in network_files().items()})
    assert trips(merged.table) == trips(right)
    assert merged.table.stops == right.stops
    assert ("encoding" in codes(merged)) == (form.startswith("utf-16") or form == "windows")
    assert ("delimiter" in codes(merged)) == (form == "semicolons")


def test_a_folder_inside_the_zip_and_capitals_in_names_are_read_and_remarked(tmp_path: Path) -> None:
    right = read(tmp_path).table
    path = tmp_path / "nested.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in network_files().items():
            archive.writestr(f"export/{name.replace('stops', 'Stops')}", text)
            archive.writestr(f"__MACOSX/export/._{name}", b"\0")
    merged = merge([Given(path=path, id="f", prefix="F", content="x")], citycode_at=lambda x, y: "", today=TODAY)
    assert trips(merged.table) == trips(right)
    assert {"nested-folder", "file-name", "elsewhere"} <= set(codes(merged))


ids = st.text("ab é,\"'1", min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_feed_is_read_like_a_slow_obvious_reader_does(data: st.DataObject, tmp_path_factory) -> None:
    stop_ids = data.draw(st.lists(ids, min_size=2, max_size=6, unique=True))
    trip_ids = data.draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    rows = []
    for trip in trip_ids:
        at = data.draw(st.integers(0, 90_000))
        for n in range(data.draw(st.integers(0, 5))):
            waits = data.draw(st.integers(0, 900))
            stop = data.draw(st.sampled_from([*stop_ids, "nowhere"]))
            hours = f"{at // 3600}:{at // 60 % 60:02d}:{at % 60:02d}"
            leaves = at + waits
            hour = f"{leaves // 3600:02d}:{leaves // 60 % 60:02d}:{leaves % 60:02d}"
            flags = [data.draw(st.sampled_from(["", "0", "1"])) for _ in range(2)]
            rows.append([trip, hours, hour, stop, str(n * 3), *flags])
            at = leaves + data.draw(st.integers(0, 4000))
    rows.append(["no such trip", "1:00:00", "1:00:00", stop_ids[0], "1", "", ""])
    rows = data.draw(st.permutations(rows))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))

    def written(header: str, lines: list[list[str]]) -> str:
        made = io.StringIO()
        csv.writer(made, quoting=quoting, lineterminator=data.draw(st.sampled_from(["\n", "\r\n"]))).writerows(
            [header.split(","), *lines]
        )
        return made.getvalue()

    changed = {
        "stops.txt": written("stop_id,stop_name,stop_lat,stop_lon", [[s, s, "43.3", "5.4"] for s in stop_ids]),
        "trips.txt": written("route_id,service_id,trip_id,trip_headsign", [["1", "tous", t, t] for t in trip_ids]),
        "stop_times.txt": written(
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type", rows
        ),
        "transfers.txt": None,
    }
    expected: dict[str, list[list[str]]] = {}
    for row in rows:
        if row[0] in trip_ids and row[3] in stop_ids:
            expected.setdefault(row[0], []).append(row)
    expected = {trip: sorted(its, key=lambda row: int(row[4])) for trip, its in expected.items() if len(its) > 1}
    folder = tmp_path_factory.mktemp("generated")
    if not expected:
        with pytest.raises(UnreadableFeed):
            read(folder, changed)
        return

    def seconds(text: str) -> int:
        hours, minutes, rest = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + int(rest)

    assert trips(read(folder, changed).table) == {
        f"F:{trip}": (
            "F:1",
            "F:tous",
            trip,
            [f"F:{row[3]}" for row in its],
            [seconds(row[1]) for row in its],
            [seconds(row[2]) for row in its],
            [row[5] != "1" for row in its],
            [row[6] != "1" for row in its],
        )
        for trip, its in expected.items()
    }


def test_blocks_are_cut_where_rows_end(tmp_path: Path, monkeypatch) -> None:
    right = read(tmp_path).table
    monkeypatch.setattr("lacydon.capabilities.mobility.queries.gtfs.archive.BLOCK", 61)
    quoted = {name: _quoted(text) for name, text in network_files().items()}
    quoted["stops.txt"] = _quoted(STOPS.replace("Gare,", "Gare,")).replace('"Gare"', '"Gare"')
    assert trips(read(tmp_path, quoted).table) == trips(right)
    assert trips(read(tmp_path).table) == trips(right)


CALLS = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"


def only(rows: str, header: str = CALLS) -> dict[str, str]:
    """The network with these passages of one trip alone."""
    return {
        "trips.txt": "route_id,service_id,trip_id\n1,tous,t\n",
        "stop_times.txt": header + rows.replace("|", "\n") + "\n",
    }


@pytest.mark.parametrize(
    ("rows", "departures", "code"),
    [
        ("t,08:00:00,08:00:00,car,1,|t,,,hdv1,2,|t,08:10:00,08:10:00,gare,3,", [28800, 29100, 29400], "interpolated"),
        (
            "t,08:00:00,08:00:00,car,1,0|t,,,hdv1,2,900|t,08:10:00,08:10:00,gare,3,1000",
            [28800, 29340, 29400],
            "interpolated",
        ),
        ("t,23:50:00,23:50:00,car,1,|t,00:10:00,00:10:00,gare,2,", [85800, 87000], "times-backwards"),
        ("t,08:00:00,08:00:00,car,1,|t,07:50:00,07:50:00,gare,2,", [28800, 28800], "times-backwards"),
        ("t,08:00:00,08:00:00,car,1,|t,8h10,8h10,hdv1,2,|t,08:20:00,,gare,3,", [28800, 29400, 30000], "time"),
        (
            "t,08:00:00,08:00:00,car,1,|t,08:05:00,,hdv1,1,|t,08:20:00,,gare,3,",
            [28800, 30000],
            "duplicate-sequence",
        ),
        (
            "t,08:00:00,08:00:00,car,1,|t,08:01:00,,ghost,2,|t,08:20:00,,gare,3,|u,08:00:00,,car,1,",
            [28800, 30000],
            "unknown-stop",
        ),
        ("t,08:00:00,08:00:00,car,1,|t,08:10:00,08:08:00,gare,2,", [28800, 29400], "departs-before-arriving"),
        ("t,08:00:00,08:00:00,car,1,|t,08:00:10,08:00:10,poi,2,", [28800, 28810], "too-fast"),
        ("t,08:00:00,08:00:00,car,x,|t,08:00:00,,car,1,|t,08:20:00,,gare,2,", [28800, 30000], "sequence"),
        ("t,99:00:00,99:00:00,car,1,|t,99:10:00,,gare,2,", [356400, 357000], "too-late"),
    ],
)
def test_times_that_are_wrong_are_mended_and_said(rows: str, departures: list[int], code: str, tmp_path: Path) -> None:
    merged = read(tmp_path, only(rows))
    assert merged.table.departure.tolist() == departures
    assert code in codes(merged)


def test_each_vehicle_of_a_frequency_is_a_trip(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        {
            **only("t,08:00:00,08:00:30,car,1,|t,08:10:00,08:10:00,gare,2,"),
            "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\n"
            "t,06:00:00,06:30:00,600,0\nt,07:00:00,07:10:00,300,1\nt,07:00:00,08:00:00,0,\nghost,1:00:00,2:00:00,60,\n",
        },
    ).table
    assert list(table.trip_ids) == [f"F:t#{n}" for n in range(1, 6)]
    assert table.departure[table.trip_first[:-1]].tolist() == [21600, 22200, 22800, 25200, 25500]
    assert (table.arrival[1::2] - table.departure[::2]).tolist() == [570] * 5
    assert table.trip_headway.tolist() == [600, 600, 600, 0, 0]


def test_the_other_files_are_read(tmp_path: Path) -> None:
    merged = read(
        tmp_path,
        {
            "stops.txt": STOPS
            + "sta,Gare,43.3031,5.3801,1,,1,\nq,,43.3032,5.3802,0,sta,,\nent,Sortie,43.3033,5.3803,2,sta,,\n",
            "trips.txt": "route_id,service_id,trip_id,trip_headsign,shape_id\n1,tous,a,Plateau,s\n1,tous,b,Plateau,s\n",
            "stop_times.txt": CALLS
            + "a,08:00:00,,car,1,\na,08:10:00,,gare,2,\nb,08:15:00,,gare,1,\nb,08:30:00,,pla,2,\n",
            "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
            "s,43.30,5.38,2\ns,43.29,5.36,1\ns,x,5.4,3\n",
            "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id\n"
            "hdv1,hdv2,2,90,,\n,,4,,a,b\nhdv1,ghost,0,,,\ncar,gare,9,,,\n,,5,,a,ghost\n",
            "pathways.txt": "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time\n"
            "p,ent,q,5,1,40\n",
            "translations.txt": "table_name,field_name,language,translation,record_id,field_value\n"
            "stops,stop_name,en,Old Careening Basin,car,\nstops,stop_name,en,City Hall,,Hôtel de Ville\n",
            "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang,feed_version\nRégie,https://r.test/,fr,7\n",
            "attributions.txt": "organization_name,is_producer\nCollectif,1\n",
            "fare_products.txt": "fare_product_id,fare_product_name,fare_media_id,amount,currency\n"
            "solo,Solo,,1.7,EUR\npass,Pass,,9,USD\n",
            "fare_attributes.txt": "fare_id,price,currency_type,payment_method,transfers\nold,2.00,EUR,0,\n",
        },
    )
    table = merged.table
    station = next(stop for stop in table.stops if stop.id == "F:sta")
    quay = next(stop for stop in table.stops if stop.id == "F:q")
    assert (quay.name, quay.wheelchair, table.stops[quay.parent]) == ("Gare", 1, station)
    assert table.places[quay.place].id == "gare-13055"
    assert [(t.type, t.seconds, t.from_trip, t.to_trip) for t in table.transfers] == [
        (2, 90, -1, -1),
        (4, -1, table.trip("F:a"), table.trip("F:b")),
    ]
    assert [(p.mode, p.both_ways, p.seconds) for p in table.pathways] == [(5, True, 40)]
    assert table.shape_points.tolist() == [[5.36, 43.29], [5.38, 43.30]]
    assert table.pattern_shape.tolist() == [0, 0]
    assert table.translations["en", "stops.stop_name"] == {
        "Carénage": "Old Careening Basin",
        "Hôtel de Ville": "City Hall",
    }
    assert (table.feeds[0].producer, table.feeds[0].version, table.feeds[0].attributions) == (
        "Régie",
        "7",
        ("Collectif",),
    )
    assert [(fare.name, fare.euros) for fare in table.fares] == [("Solo", "1.70")]
    assert {"shape-point", "unknown-stop", "transfer", "unknown-trip", "currency"} <= set(codes(merged))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Un,exemple.test,Asia/Tokyo\n"}, "timezone"),
        ({"agency.txt": "agency_id,agency_name,agency_url\nA,Un,exemple.test\n"}, "url"),
        ({"stops.txt": STOPS + "gare,Encore,43.3,5.4,0,,,\n"}, "duplicate-id"),
        ({"stops.txt": STOPS + ",Rien,43.3,5.4,0,,,\n"}, "missing-id"),
        ({"stops.txt": STOPS + "x,LA GRANDE GARE,43.3,5.4,0,,,\n"}, "capitals"),
        ({"stops.txt": STOPS + "x,X,0,0,0,,,\n"}, "impossible-coordinates"),
        ({"stops.txt": STOPS + "x,X,143.3,5.4,0,,,\n"}, "impossible-coordinates"),
        ({"stops.txt": STOPS + "x,,43.3,5.4,0,,,\n"}, "missing-name"),
        ({"stops.txt": STOPS + "x,X,43.3,5.4,0,ghost,,\n"}, "unknown-parent"),
        ({"stops.txt": STOPS + "x,X,43.3,5.4,0,car,,\n"}, "parent-kind"),
        ({"stops.txt": STOPS + "x,X,43.3,5.4,0,,,\n"}, "unused-stop"),
        ({"stops.txt": STOPS + "x,X,43.3\n"}, "ragged-row"),
        ({"routes.txt": "route_id,route_short_name,route_type,route_color\n1,1,99,#12\n2,,3,\nbac,Bac,4,\n"}, "colour"),
        ({"routes.txt": "route_id,route_short_name,route_type\n1,1,99\n2,2,3\nbac,Bac,4\n"}, "route-type"),
        ({"routes.txt": "route_id,route_short_name,route_type\n1,,0\n2,2,3\nbac,Bac,4\n"}, "missing-route-name"),
        ({"routes.txt": "route_id,route_short_name,route_type\n1,1,0\n2,2,3\nbac,Bac,4\n9,9,3\n"}, "unused-route"),
        ({"routes.txt": "route_id,route_short_name,route_type\n1,1,0\n2,2,3\n"}, "unknown-route"),
        ({"routes.txt": "route_id,agency_id,route_short_name,route_type\n1,Z,1,0\n2,AMP,2,3\nbac,AMP,B,4\n"}, "unknown-agency"),
        ({"calendar_dates.txt": "service_id,date,exception_type\nsemaine,20261325,2\n"}, "date"),
        ({"calendar_dates.txt": "service_id,date,exception_type\nsemaine,20261225,7\n"}, "exception-type"),
        ({"calendar_dates.txt": "service_id,date,exception_type\nfin,20991225,1\n"}, "calendar-long"),
        ({"trips.txt": "route_id,service_id,trip_id\n1,tous,1-aller-01\n1,tous,never\n"}, "unused-trip"),
        ({"trips.txt": "route_id,service_id,trip_id\n1,tous,1-aller-01\n1,ghost,1-aller-02\n"}, "unknown-service"),
        ({"trips.txt": "route_id,service_id,trip_id,shape_id\n1,tous,1-aller-01,ghost\n"}, "unknown-shape"),
        ({"bonus.txt": "a,b\n1,2\n"}, "unknown-file"),
        ({"routes.txt": "route_id,route_id,route_short_name,route_type\n1,1,1,0\n2,2,2,3\nbac,bac,Bac,4\n"}, "duplicate-column"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_rest_is_read(changed: dict[str, str], code: str, tmp_path: Path) -> None:
    merged = read(tmp_path, changed)
    assert code in codes(merged)
    assert "F:1-aller-01" in list(merged.table.trip_ids)


CALENDAR = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ("tous,1,1,1,1,1,1,1,20260101,20261128", "expired"),
        ("tous,1,1,1,1,1,1,1,20260101,20261201", "expires-soon"),
        ("tous,1,1,1,1,1,1,1,20270101,20271201", "not-yet"),
        ("tous,1,1,1,1,1,1,1,20271201,20260101", "dates-backwards"),
        ("tous,1,1,1,1,1,1,1,20260101,20271201|rien,0,0,0,0,0,0,0,20260101,20271201", "service-never"),
    ],
)
def test_calendars_are_looked_at(days: str, code: str, tmp_path: Path) -> None:
    changed = {"calendar.txt": CALENDAR + days.replace("|", "\n") + "\n", "calendar_dates.txt": None}
    assert code in codes(read(tmp_path, changed))


def test_either_calendar_is_enough(tmp_path: Path) -> None:
    dates = "service_id,date,exception_type\ntous,20261201,1\ntous,20261203,1\n"
    table = read(tmp_path, {"calendar.txt": None, "calendar_dates.txt": dates}).table
    assert table.days() == (date(2026, 12, 1), date(2026, 12, 3))
    assert [int(table.running(date(2026, 12, day)).sum()) for day in (1, 2, 3)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"stops.txt": None}, "stops.txt"),
        ({"stop_times.txt": None}, "stop_times.txt"),
        ({"calendar.txt": None, "calendar_dates.txt": None}, "calendar"),
        ({"trips.txt": "route_id,service_id\n1,tous\n"}, "trip_id"),
        ({"routes.txt": "route_id,route_type\n"}, "routes.txt"),
        ({"stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"}, "stop_times.txt"),
    ],
)
def test_a_feed_of_which_nothing_is_left_is_refused(changed: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFeed, match=said):
        read(tmp_path, changed)


def test_a_bomb_a_page_of_html_and_half_a_zip_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("stop_times.txt", "w") as file:
        for _ in range(60):
            file.write(b"0" * (1 << 20))
    html = tmp_path / "page.zip"
    html.write_text("<!doctype html><title>Erreur 500</title>")
    half = tmp_path / "half.zip"
    half.write_bytes(feed(tmp_path / "whole.zip").read_bytes()[:3000])
    torn = bytearray(feed(tmp_path / "whole.zip").read_bytes())
    torn[400:900] = b"\0" * 500
    broken = tmp_path / "broken.zip"
    broken.write_bytes(torn)
    for path in (bomb, html, half, broken):
        with pytest.raises(UnreadableFeed):
            merge([Given(path=path, id="f", prefix="F", content="x")], citycode_at=lambda x, y: "", today=TODAY)


def test_trips_that_two_feeds_say_are_counted_once(tmp_path: Path) -> None:
    path = feed(tmp_path / "a.zip")
    late = CALENDAR + "tous,1,1,1,1,1,1,1,20270101,20280131\n"
    other = feed(
        tmp_path / "b.zip",
        {
            "calendar.txt": late,
            "calendar_dates.txt": None,
            "trips.txt": "route_id,service_id,trip_id\n1,tous,1-aller-01\n",
        },
    )
    merged = merge(
        [Given(path=each, id=n, prefix=n, content="x") for each, n in ((path, "A"), (other, "B"), (path, "C"))],
        citycode_at=lambda x, y: "13055",
        today=TODAY,
    )
    kept = [id_ for id_ in merged.table.trip_ids if not id_.startswith("A:")]
    assert kept == ["B:1-aller-01"]
    runs = merged.table.service_runs[:, int(merged.table.trip_service[merged.table.trip("B:1-aller-01")])]
    assert runs.sum() == 31
    assert {"same-trips"} <= {each.code for each in merged.reports["C"].remarks}
