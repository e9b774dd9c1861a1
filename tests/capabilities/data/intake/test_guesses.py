"""What a column is guessed to be, and that the engine then reads what the guess promised."""

import datetime
import math

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.queries.intake.guessing import guess
from lacydon.capabilities.data.queries.intake.values import is_blank, value_of


def kind(label, *values):
    found = guess(1, label, "c", values)
    return (found.type, found.kind) if found.kind else found.type


@pytest.mark.parametrize(
    ("label", "values", "expected"),
    [
        ("Code commune", ("13055", "2A004"), ("text", "citycode")),
        ("code postal", ("01000", "13001"), ("text", "postcode")),
        ("dep", ("01", "2A", "974"), ("text", "departement")),
        ("numéro", ("00012", "00013"), "text"),
        ("n", ("12", "-3", "0"), "integer"),
        ("n", ("12345678901234567890",), "number"),
        ("prix", ("1 234,50", "3"), "number"),
        ("n", ("1 234", "12"), "integer"),
        ("année", ("2023", "2024"), ("integer", "year")),
        ("siret", ("21130055300016", "213 102 555 00015"), "text"),
        ("établissement", ("21130055300016",), ("text", "siret")),
        ("iban", ("FR76 3000 6000 0112 3456 7890 189",), ("text", "iban")),
        ("contact", ("a@b.fr", "c.d@e-f.org"), ("text", "email")),
        ("tél", ("04 91 00 00 00", "+33491000000"), ("text", "phone")),
        ("site", ("https://exemple.fr/a",), ("text", "url")),
        ("id", ("c9bf9e57-1685-4c89-bafb-ff5af830be8a",), ("text", "uuid")),
        ("latitude", ("43,29", "43.3"), "text"),
        ("latitude", ("43,29", "43,3"), ("number", "latitude")),
        ("x", ("5.3",), ("number", "longitude")),
        ("x", ("892390.5",), "number"),
        ("gratuit", ("oui", "non", "Oui"), "boolean"),
        ("actif", ("0", "1"), "boolean"),
        ("n", ("0", "1"), "integer"),
        ("le", ("31/12/2023", "01/01/2024"), "date"),
        ("le", ("12/31/2023", "01/01/2024"), "date"),
        ("le", ("2023-02-30",), "text"),
        ("date", ("20240131",), "date"),
        ("n", ("20240131",), "integer"),
        ("h", ("10:30", "23:59:59"), "time"),
        ("quand", ("2024-01-01T10:00:00Z", "2024-01-01 10:00"), "datetime"),
        ("pos", ("43.3,5.4", "43.2, 5.3"), "point"),
        ("g", ("POLYGON((0 0, 1 0, 1 1, 0 0))", "POINT(1 2)"), "shape"),
        ("objet", ('{"a": 1}', "[1]"), "json"),
        ("vide", ("", None, "NULL"), "text"),
    ],
)
def test_what_a_column_is(label, values, expected):
    if label == "siret":
        assert guess(1, label, "c", values).type == expected
    else:
        assert kind(label, *values) == expected


@pytest.mark.parametrize(
    ("label", "values", "expected", "wrong"),
    [
        ("Code INSEE", ("13055", "13001", "1305"), ("text", "citycode"), "1305"),
        ("siret", ("21130055300016", "21130055300016", "21130055300017"), ("text", "siret"), "21130055300017"),
        ("latitude", ("43.3", "43.2", "4329.5"), ("number", "latitude"), "4329.5"),
        ("latitude", ("43.3", "43.2", "inconnue"), ("text", "latitude"), "inconnue"),
        ("année", ("2023", "2024", "20255"), ("integer", "year"), "20255"),
        ("courriel", ("a@b.fr",) * 10 + ("néant",), ("text", "email"), "néant"),
    ],
)
def test_one_bad_value_does_not_change_what_a_column_is(label, values, expected, wrong):
    found = guess(1, label, "c", values)
    assert (found.type, found.kind) == expected
    assert found.misfits == (wrong,) and found.doubtful


def test_a_label_alone_does_not_say_what_values_are():
    assert kind("code commune", "1", "2", "3") == "integer"
    assert kind("y", "6245000", "6245100", "12") == "integer"


def test_which_of_a_pair_comes_first():
    assert guess(1, "pos", "c", ["5.4,43.3"]).format == "lon,lat"
    assert guess(1, "pos", "c", ["43.3,5.4"]).format == "lat,lon"
    assert guess(1, "pos", "c", ["-21.1,55.5"]).format == "lat,lon"


TEXTS = st.one_of(
    st.text(alphabet="0123456789+-.,eE /:TZ_ \u00a0ounivrafxNULa", max_size=14),
    st.integers(-(10**19), 10**19).map(str),
    st.floats(allow_nan=True).map(str),
    st.floats(-1e6, 1e6).map(lambda each: f"{each:.2f}".replace(".", ",")),
    st.dates(min_value=datetime.date(900, 1, 1)).map(str),
    st.dates(min_value=datetime.date(1000, 1, 1)).map(lambda each: each.strftime("%d/%m/%Y")),
    st.datetimes(min_value=datetime.datetime(1000, 1, 1)).map(lambda each: each.isoformat(" ")),
    st.sampled_from(["007", "1_000", "12.0", "1e3", "0x1F", "t", "infinity", "epoch", "1 234", "24:00:00", "∞", "½"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=st.lists(TEXTS, min_size=1, max_size=3))
def test_the_engine_reads_what_the_guess_promised(values):
    found = guess(1, "colonne", "c", values)
    base = _engine()
    for value in values:
        read = base.execute(f"SELECT {value_of(found, 'c1')}, {is_blank('c1')} FROM (SELECT $1 AS c1)", [value])
        made, blank = read.fetchone()
        if found.type != "text" and value.strip() and not blank:
            assert made is not None, (found, value)
        if found.type == "integer" and made is not None:
            assert int("".join(value.split())) == made  # no zero lost, nothing rounded
            assert not value.strip().lstrip("+-").startswith("0") or made == 0
        if found.type == "number" and made is not None:
            assert math.isfinite(made)


_held: list[duckdb.DuckDBPyConnection] = []


def _engine() -> duckdb.DuckDBPyConnection:
    if not _held:
        _held.append(duckdb.connect())
    return _held[0]
