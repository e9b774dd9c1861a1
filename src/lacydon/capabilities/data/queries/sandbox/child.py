"""The process that answers SQL of anybody. Started by `cage` with no environment; asked and answering in JSON lines.

It stands alone (the standard library and the engine), limits its own memory before the first question, and ends itself
when a question cannot be interrupted. What the engine's own parser finds in a question must all be on the list.
"""

import json
import os
import resource
import sys
import threading
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

import duckdb

GRACE = 2.0
"""Seconds between the interruption of a question and the end of this process, if it does not heed it."""
IDLE = 120.0


class Refused(Exception):  # noqa: N818
    """kind: wrong, much, forbidden; `said` is a name, or the engine's own words."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(kind, said)
        self.kind, self.said = kind, said


def main() -> None:
    allowed = json.loads(sys.stdin.buffer.readline())
    for what, most in allowed["limits"].items():
        limit = getattr(resource, what)
        resource.setrlimit(limit, (most, most))
    parser = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "64MB", "enable_external_access": False})
    parser.execute("SET lock_configuration = true")
    # A WITH of such a name may mean the engine's own view inside itself.
    of_its_own = "SELECT lower(view_name) FROM duckdb_views() UNION ALL SELECT lower(table_name) FROM duckdb_tables()"
    allowed["catalogue"] = {name for (name,) in parser.execute(of_its_own).fetchall()}
    for line in iter(sys.stdin.buffer.readline, b""):
        asked = json.loads(line)
        watch = threading.Timer(asked["seconds"] + GRACE, os._exit, (9,))
        watch.daemon = True
        watch.start()
        try:
            told: dict[str, Any] = answer(asked, allowed=allowed, parser=parser)
        except Refused as refusal:
            told = {"refused": refusal.kind, "said": refusal.said}
        except MemoryError:
            told = {"refused": "much", "said": "memory"}
        watch.cancel()
        sys.stdout.buffer.write(
            json.dumps(told, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"
        )
        sys.stdout.buffer.flush()


def answer(asked: dict[str, Any], *, allowed: dict[str, Any], parser: Any) -> dict[str, Any]:
    try:
        base = caged(asked)
        watch = threading.Timer(asked["seconds"], base.interrupt)
        watch.daemon = True
        watch.start()
        try:
            order = list(asked["order"])
            if asked["stable"]:
                check(asked["question"], allowed=allowed, views=asked["views"], parser=parser)
                bound = base.execute(f"SELECT * FROM ({asked['question']}) LIMIT 0").description or ()  # noqa: S608
                order += [str(position) for position, _each in enumerate(bound, 1)]
            text = asked["question"] + (f" ORDER BY {', '.join(order)}" if order else "") + asked["tail"]
            check(text, allowed=allowed, views=asked["views"], parser=parser)
            return rows_of(base.execute(text), asked)
        finally:
            watch.cancel()
            base.close()
    except (duckdb.InternalException, duckdb.FatalException):
        os._exit(9)  # an engine that broke answers nothing more; the next question finds another process
    except duckdb.InterruptException as error:
        raise Refused("much", "time") from error
    except duckdb.OutOfMemoryException as error:
        raise Refused("much", "memory") from error
    except RecursionError as error:
        raise Refused("much", "depth") from error
    except duckdb.Error as error:
        raise Refused("wrong", str(error).split("\n", 1)[0][:300]) from error


def caged(asked: dict[str, Any]) -> Any:
    """A database whose only tables are views of what this reader may read."""
    base = duckdb.connect(
        ":memory:",
        config={
            "threads": asked["threads"],
            "memory_limit": asked["memory"],
            "temp_directory": asked["spill"],
            "max_temp_directory_size": asked["spilled"],
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_unsigned_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": True,
        },
    )
    for statement in (
        "SET TimeZone = 'UTC'",
        "SET enable_geoparquet_conversion = false",
        "SET max_expression_depth = 250",
        *(f"LOAD {literal(each)}" for each in asked["extensions"]),
        "SET allowed_paths = [" + ", ".join(literal(each) for each in asked["files"]) + "]",
        "SET enable_external_access = false",
        *(f"CREATE VIEW {identifier(name)} AS {sql}" for name, sql in asked["views"].items()),
        "SET lock_configuration = true",
    ):
        base.execute(statement)
    return base


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def check(text: str, *, allowed: dict[str, Any], views: dict[str, str], parser: Any) -> None:
    """Raises Refused unless all that the engine's parser finds in a text is on the list."""
    said = parser.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()[0]
    tree = json.loads(said)
    if tree.get("error") or len(tree["statements"]) != 1:
        raise Refused("wrong", str(tree.get("error_message") or "")[:300])
    made = {name.lower() for node in nodes(tree) for name in made_here(node)}
    if taken := made & allowed["catalogue"]:
        raise Refused("forbidden", min(taken))
    names = made | {each.lower() for each in views}
    for node in nodes(tree):
        look(node, allowed=allowed, names=names)


def nodes(tree: Any) -> Any:
    """Every object of a JSON tree."""
    left = [tree]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            yield each
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)


def made_here(node: dict[str, Any]) -> list[str]:
    """The names that a WITH gives."""
    entries = (node.get("cte_map") or {}).get("map") or [] if isinstance(node.get("cte_map"), dict) else []
    own = [node["cte_name"]] if isinstance(node.get("cte_name"), str) else []
    return [str(each["key"]) for each in entries] + own


def look(node: dict[str, Any], *, allowed: dict[str, Any], names: set[str]) -> None:
    kind = node.get("type")
    if "class" in node:
        if node["class"] not in allowed["classes"]:
            raise Refused("forbidden", str(node["class"]))
        if node["class"] == "FUNCTION" or (node["class"] == "WINDOW" and node.get("function_name")):
            name = str(node["function_name"]).lower()
            foreign = any(node.get(part) not in ("", None, "main") for part in ("schema", "catalog"))
            if foreign or name not in (*allowed["functions"], *allowed["tables"]):
                raise Refused("forbidden", f"{name}()")
            if name in allowed["tables"] and name not in allowed["functions"] and not node.get("_rows"):
                raise Refused("forbidden", f"{name}()")
            if name in ("lpad", "rpad"):
                short(node)
        return
    if isinstance(kind, str):
        if kind not in allowed["parts"]:
            raise Refused("forbidden", kind)
        if kind == "TABLE_FUNCTION":
            of = node["function"]
            if str(of.get("function_name")).lower() not in allowed["tables"]:
                raise Refused("forbidden", f"{of.get('function_name')}()")
            of["_rows"] = True
        if kind == "BASE_TABLE":
            outside = node.get("schema_name") or node.get("catalog_name") or node.get("at_clause")
            if outside or str(node["table_name"]).lower() not in names:
                raise Refused("forbidden", str(node["table_name"]))
    if node.get("sample"):
        raise Refused("forbidden", "SAMPLE")


def short(node: dict[str, Any]) -> None:
    """A text is filled up to a length that is written there, and small."""
    length = node["children"][1] if len(node.get("children", [])) > 1 else {}
    said = (length.get("value") or {}).get("value") if length.get("class") == "CONSTANT" else None
    if not isinstance(said, int) or said > 1_000:
        raise Refused("forbidden", f"{node['function_name']}(…, > 1000)")


def rows_of(found: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """What was found, up to so many rows and characters."""
    columns = [[name, str(kind)] for name, kind, *_rest in found.description or ()]
    rows: list[list[Any]] = []
    size = 0
    while len(rows) <= asked["rows"] and (some := found.fetchmany(500)):
        for row in some:
            told = [plain(each) for each in row]
            size += sum(len(each) if isinstance(each, str) else 8 for each in told)
            if size > asked["characters"]:
                raise Refused("much", "characters")
            rows.append(told)
    return {"columns": columns, "rows": rows[: asked["rows"]], "truncated": len(rows) > asked["rows"]}


def plain(value: Any) -> Any:
    """A value as JSON has it: dates as ISO 8601, bytes in hexadecimal; what is no number is nothing."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Decimal):
        return plain(float(value))
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(plain(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value)


if __name__ == "__main__":
    main()
