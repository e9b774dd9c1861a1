"""Which counts of a table may be shown so that no small one is told, nor found by subtraction.

A count from 1 to 4 is not shown (primary suppression). A total and the shown counts of its line would still give it
away, so others are hidden with it (secondary suppression), until for whoever knows every shown count and every total:

- the hidden counts of a line add up to nothing, or to THRESHOLD at least;
- each small count could be another number: some other table, of counts that are not negative, shows just the same.

The second is decided exactly. Counts are the arcs of a flow: from the whole to rows (their totals), from rows to
columns (the cells), from columns to the whole (their totals). A hidden one can be another if and only if it lies on a
circuit of the residual graph of hidden arcs, where an arc can always grow, and can shrink unless it is nought. Noughts
are not told apart from hidden counts: neither is shown.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import Generic, TypeVar

THRESHOLD = 5
"""The smallest count that is shown."""
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Node = tuple[str, Hashable]
Arc = tuple[Node, Node]
SOURCE: Node = ("whole", "of rows")
SINK: Node = ("whole", "of columns")


def merged(counts: Mapping[Row, int]) -> frozenset[Row]:
    """Those of a list to be told together as « others », so that all that is told is THRESHOLD at least.

    All of them when even the whole is smaller.
    """
    together = {each for each, number in counts.items() if number < THRESHOLD}
    rest = sorted((each for each in counts if each not in together), key=lambda each: counts[each])
    while together and rest and sum(counts[each] for each in together) < THRESHOLD:
        together.add(rest.pop(0))
    return frozenset(together)


def shown_in_list(counts: Mapping[Row, int], *, among: Iterable[Row] | None = None) -> frozenset[Row]:
    """Those of a list whose total is told that may be shown one by one; `among`: those that could be (default: all)."""
    shown = {each for each in (counts if among is None else among) if counts.get(each, 0) >= THRESHOLD}
    while shown and 0 < sum(number for each, number in counts.items() if each not in shown) < THRESHOLD:
        shown.remove(min(shown, key=lambda each: counts[each]))
    return frozenset(shown)


def shown_in_table(
    cells: Mapping[tuple[Row, Column], int],
    *,
    rows: Iterable[Row],
    columns: Iterable[Column],
    among: Iterable[tuple[Row, Column]] | None = None,
) -> frozenset[tuple[Row, Column]]:
    """The cells of a table that may be shown, when the whole is told and so are the totals of `rows` and `columns`.

    `among`: the cells that could be shown (default: all).
    """
    table = _Table(cells, rows=frozenset(rows), columns=frozenset(columns))
    for row, column in cells if among is None else among:
        table.show(row, column)
    table.protect()
    return frozenset(table.shown)


class _Table(Generic[Row, Column]):
    def __init__(
        self, cells: Mapping[tuple[Row, Column], int], *, rows: frozenset[Row], columns: frozenset[Column]
    ) -> None:
        self.cells = cells
        self.rows, self.columns = rows, columns
        self.shown: set[tuple[Row, Column]] = set()
        self.value: dict[Arc, int] = defaultdict(int)
        every_row, every_column = {row for row, _ in cells} | rows, {column for _, column in cells} | columns
        for (row, column), number in cells.items():
            self.value[_row(row), _column(column)] += number
            self.value[SOURCE, _row(row)] += number
            self.value[_column(column), SINK] += number
        self.grows: dict[Node, set[Node]] = defaultdict(set)
        """Where a hidden arc leads: it can grow."""
        self.shrinks: dict[Node, set[Node]] = defaultdict(set)
        """Where a hidden arc that is not nought comes from: it can shrink."""
        for row in every_row:
            for column in every_column:
                self._hide_arc(_row(row), _column(column))
        for row in every_row - rows:
            self._hide_arc(SOURCE, _row(row))
        for column in every_column - columns:
            self._hide_arc(_column(column), SINK)

    def _hide_arc(self, start: Node, end: Node) -> None:
        self.grows[start].add(end)
        if self.value[start, end]:
            self.shrinks[end].add(start)

    def show(self, row: Row, column: Column) -> None:
        """Show a cell, when it is large enough."""
        if self.cells.get((row, column), 0) >= THRESHOLD:
            self.shown.add((row, column))
            self.grows[_row(row)].discard(_column(column))
            self.shrinks[_column(column)].discard(_row(row))

    def _hide(self, cell: tuple[Row, Column]) -> None:
        self.shown.remove(cell)
        self._hide_arc(_row(cell[0]), _column(cell[1]))

    def protect(self) -> None:
        """Hide cells until nothing small is told. What cannot be found stays so while more is hidden."""
        self._hide_with_the_rest_of_lines()
        small = [arc for arc, number in self.value.items() if 0 < number < THRESHOLD]
        for start, end in sorted(small, key=str):
            while self.shown and self._certain(start, end):
                for cell in self._cheapest_circuit(start, end) or set(self.shown):
                    self._hide(cell)
                self._hide_with_the_rest_of_lines()

    def _hide_with_the_rest_of_lines(self) -> None:
        """The hidden counts of a line whose total is told add up to nothing, or to THRESHOLD at least."""
        again = True
        while again:
            again = False
            shown: dict[Node, list[tuple[Row, Column]]] = defaultdict(list)
            for cell in self.shown:
                shown[_row(cell[0])].append(cell)
                shown[_column(cell[1])].append(cell)
            told = {_row(row): self.value[SOURCE, _row(row)] for row in self.rows} | {
                _column(column): self.value[_column(column), SINK] for column in self.columns
            }
            for line, total in told.items():
                if shown[line] and 0 < total - sum(self.cells[cell] for cell in shown[line]) < THRESHOLD:
                    self._hide(min(shown[line], key=lambda cell: (self.cells[cell], str(cell))))
                    again = True
                    break

    def _certain(self, start: Node, end: Node) -> bool:
        """Whether what is shown leaves no other value to a hidden arc that is not nought."""
        return not self._leads(end, start, without=(end, start)) and not self._leads(start, end, without=(start, end))

    def _cheapest_circuit(self, start: Node, end: Node) -> set[tuple[Row, Column]]:
        """The shown cells to hide so that the arc lies on a circuit: those that tell the least (Dijkstra)."""
        cost: dict[Node, int] = {end: 0}
        before: dict[Node, Node] = {}
        waiting: list[tuple[int, str, Node]] = [(0, "", end)]
        while waiting:
            spent, _order, node = heappop(waiting)
            if node == start or spent > cost[node]:
                continue
            for reached, price in self._steps(node):
                if (node, reached) != (end, start) and spent + price < cost.get(reached, spent + price + 1):
                    cost[reached], before[reached] = spent + price, node
                    heappush(waiting, (spent + price, str(reached), reached))
        hidden: set[tuple[Row, Column]] = set()
        node = start
        while node in before:
            pair = {node[0]: node[1], before[node][0]: before[node][1]}
            if (cell := (pair.get("row"), pair.get("column"))) in self.shown:
                hidden.add(cell)
            node = before[node]
        return hidden

    def _steps(self, node: Node) -> Iterator[tuple[Node, int]]:
        """Where a change can travel, and the counts to hide for it."""
        for reached in self.grows[node] | self.shrinks[node]:
            yield reached, 0
        for row, column in self.shown:
            if node == _row(row):
                yield _column(column), self.cells[row, column]
            elif node == _column(column):
                yield _row(row), self.cells[row, column]

    def _leads(self, start: Node, goal: Node, *, without: Arc) -> bool:
        """Whether a change can travel from one node to another along hidden arcs, `without` this step."""
        seen, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            reached = self.grows[node] | self.shrinks[node]
            if node == without[0]:
                reached = reached - {without[1]}
            if goal in reached:
                return True
            waiting += reached - seen
            seen |= reached
        return False


def _row(row: Hashable) -> Node:
    return "row", row


def _column(column: Hashable) -> Node:
    return "column", column
