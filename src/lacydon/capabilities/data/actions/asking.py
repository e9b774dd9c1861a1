"""SQL of whoever asks, over the datasets they may read."""

from collections.abc import Callable

from lacydon.kernel.access import NOBODY, Actor

from ..queries import sandbox
from ..queries.lake import Limits
from ..queries.logical import DIALECT
from ..queries.sandbox import Found, Named
from .opening import table_of


def _itself(named: Named) -> tuple[str, int | None]:
    return named.dataset, named.version


def ask_sql(
    sql: str,
    *,
    actor: Actor = NOBODY,
    dialect: str = DIALECT,
    naming: Callable[[Named], tuple[str, int | None]] = _itself,
    limits: Limits | None = None,
) -> Found:
    """The rows that one SELECT finds; `naming` says which dataset and version the name of a table is.

    Raises WrongQuestion, TooMuch, UnknownDataset, UnknownVersion, NoAccess, Unavailable.
    """
    reading = sandbox.read(sql, dialect=dialect)
    tables = {}
    for each in reading.named:
        dataset, version = naming(each)
        tables[each.written] = table_of(dataset, actor=actor, version=version)
    return sandbox.answer(reading, tables, limits=limits or sandbox.limits_of_anybody())
