"""From what somebody wrote to one SELECT over datasets, as a tree."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from sqlglot import exp, parse
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from ...errors import TooMuch, WrongQuestion
from ..logical import DIALECT

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it would write visitors' texts in the log
LONGEST = 10_000
"""Characters."""
MOST_TOKENS = 3_000
DEEPEST = 40
"""Brackets within brackets."""
MOST_TABLES = 10
OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE})
CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END})
REFUSED: tuple[type[exp.Expr], ...] = (
    exp.Command,
    exp.Comprehension,
    exp.DDL,
    exp.DML,
    exp.Describe,
    exp.HistoricalData,
    exp.Into,
    exp.Lock,
    exp.MatchRecognize,
    exp.Parameter,
    exp.Pivot,
    exp.Placeholder,
    exp.Pragma,
    exp.Set,
    exp.Summarize,
    exp.TableSample,
)
"""What has no place in a question; the engine's own parser has the last word (`child`)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A dataset as SQL names it: `id`, or `id@3` for its third version."""

    written: str
    dataset: str
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One SELECT. `named`: the datasets it reads, each once."""

    tree: exp.Query
    named: tuple[Named, ...]

    @property
    def sql(self) -> str:
        """The text made of the tree."""
        return self.tree.sql(dialect=DIALECT)

    def pinned(self, numbers: Mapping[str, int]) -> str:
        """The text, with each dataset at the version of this number: the same rows whenever it is asked."""
        tree = self.tree.copy()
        written = {each.written: each for each in self.named}
        for table in tree.find_all(exp.Table):
            each = written.get(table.name)
            if each and isinstance(table.this, exp.Identifier) and each.version is None and each.dataset in numbers:
                if not table.alias:
                    table.set("alias", exp.TableAlias(this=exp.to_identifier(each.dataset, quoted=True)))
                table.set("this", exp.to_identifier(f"{each.dataset}@{numbers[each.dataset]}", quoted=True))
        return tree.sql(dialect=DIALECT)

    def pages(self, *, rows: int) -> tuple[str, tuple[str, ...], bool, str]:
        """The same of at most so many rows: (question, order, whether it needs one to be stable, limit), as texts.

        Where rows are cut, the order is completed by all columns (the cage knows how many there are): rows that
        differ then never change places between two pages.
        """
        tree = self.tree.copy()
        limit, offset, order = (tree.args.get(each) for each in ("limit", "offset", "order"))
        for each in ("limit", "offset", "order"):
            tree.set(each, None)
        kept = min(_number(limit, "LIMIT") if limit else rows, rows)
        tail = f" LIMIT {kept}" + (f" OFFSET {_number(offset, 'OFFSET')}" if offset else "")
        ordered = tuple(each.sql(dialect=DIALECT) for each in order.expressions) if order else ()
        cut = bool(limit or offset)
        total = any(each.upper().split()[0] in ("ALL", '"ALL"') for each in ordered)
        return tree.sql(dialect=DIALECT), ordered, cut and not total and (bool(ordered) or not _plain(tree)), tail


def read(sql: str, *, dialect: str = DIALECT) -> Reading:
    """One SELECT read from what was written. Raises WrongQuestion, TooMuch."""
    if len(sql) > LONGEST:
        raise TooMuch(_("Cette requête est trop longue : au plus %d caractères.") % LONGEST)
    if "\0" in sql:
        raise WrongQuestion(_("Cette requête contient un caractère de contrôle."))
    try:
        tree = _one(sql, dialect)
        named = tuple(dict.fromkeys(_tables(tree)))
        made = Reading(tree=tree, named=named)
        made.pages(rows=1)
    except SqlglotError as error:
        raise WrongQuestion(_("Cette requête n’est pas comprise : %s") % _first_line(error)) from error
    except RecursionError as error:
        raise TooMuch(_("Cette requête est trop imbriquée.")) from error
    except (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # The parser takes some forms for others when what is written is no SQL at all.
        raise WrongQuestion(_("Cette requête n’est pas comprise.")) from error
    if len(named) > MOST_TABLES:
        raise TooMuch(_("Cette requête lit trop de jeux de données : au plus %d.") % MOST_TABLES)
    return made


def _one(sql: str, dialect: str) -> exp.Query:
    from sqlglot.dialects.dialect import Dialect

    tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    if len(tokens) > MOST_TOKENS:
        raise TooMuch(_("Cette requête est trop longue : au plus %d mots.") % MOST_TOKENS)
    depth = 0
    for each in tokens:
        depth += (each.token_type in OPENING) - (each.token_type in CLOSING)
        if depth > DEEPEST:
            raise TooMuch(_("Cette requête est trop imbriquée."))
    trees = [each for each in parse(sql, read=dialect) if each is not None and not isinstance(each, exp.Semicolon)]
    if len(trees) != 1:
        raise WrongQuestion(_("Une requête à la fois : un seul SELECT."))
    tree = trees[0]
    if isinstance(tree, exp.Subquery) and isinstance(inner := tree.unnest(), exp.Query):
        tree = inner
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise WrongQuestion(_("Seule une requête SELECT est permise : les données ne se changent pas ici."))
    for node in tree.walk():
        if isinstance(node, REFUSED) or node.args.get("pivots"):
            raise WrongQuestion(_("« %s » n’est pas permis ici.") % node.key.upper())
        node.comments = None
    return tree


def _tables(tree: exp.Query) -> Iterator[Named]:
    """The datasets named, their names made lower: each is then a view of exactly this name."""
    for table in list(tree.find_all(exp.Table)):
        name = table.this
        if isinstance(name, exp.Func):
            continue
        if not isinstance(name, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
            raise WrongQuestion(_('Une table est le nom d’un jeu de données, entre guillemets : FROM "marches".'))
        if _is_of_a_with(table, name.name):
            continue
        written = name.name.lower()
        id, _at, number = written.partition("@")
        if not id or (_at and not number.isdecimal()) or len(number) > 9:
            raise WrongQuestion(_("« %s » n’est pas le nom d’un jeu de données.") % name.name[:80])
        table.set("this", exp.to_identifier(written, quoted=True))
        yield Named(written, id, int(number) if number else None)


def _is_of_a_with(table: exp.Table, name: str) -> bool:
    """Whether this name is that of a WITH around it, in whose own text it is the dataset's unless recursive."""
    node: exp.Expr | None = table
    inside: set[int] = set()
    while node is not None:
        inside.add(id(node))
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ else ():
            own = id(cte) in inside
            if own and not (with_ and with_.args.get("recursive")):
                break
            if cte.alias.lower() == name.lower():
                return True
            if own:
                break
        node = node.parent
    return False


def _number(clause: exp.Expr, word: str) -> int:
    """The number of a LIMIT, an OFFSET, a FETCH."""
    said = clause.args.get("count") if isinstance(clause, exp.Fetch) else clause.expression
    share = clause.args.get("limit_options")
    if (
        isinstance(said, exp.Literal)
        and said.is_int
        and len(said.name) <= 15
        and not (share and share.args.get("percent"))
    ):
        return int(said.name)
    raise WrongQuestion(_("Après %s vient un nombre entier.") % word)


def _plain(tree: exp.Query) -> bool:
    """Whether its rows come in the order of one file."""
    if not isinstance(tree, exp.Select) or any(
        tree.args.get(each) for each in ("group", "distinct", "joins", "laterals")
    ):
        return False
    source = tree.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table) or not isinstance(source.this.this, exp.Identifier):
        return False
    return not _is_of_a_with(source.this, source.this.name) and not any(tree.find_all(exp.AggFunc, exp.Window))


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0].replace("\x1b[4m", "").replace("\x1b[0m", "")[:200]
