"""No small count of a published table is shown, nor found by whoever knows all that is shown and every total."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from lacydon.capabilities.requests.queries.disclosure import THRESHOLD, merged, shown_in_list, shown_in_table

COUNTS = st.integers(0, 9)
Table = list[list[int]]


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_others_are_told_together_and_are_enough(numbers: list[int]):
    counts = dict(enumerate(numbers))
    together = merged(counts)
    told = [number for each, number in counts.items() if each not in together]
    assert all(number >= THRESHOLD for number in told)
    assert not together or not told or sum(counts[each] for each in together) >= THRESHOLD


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_what_a_list_hides_is_not_the_rest_of_its_total(numbers: list[int]):
    counts = dict(enumerate(numbers))
    shown = shown_in_list(counts)
    assert all(counts[each] >= THRESHOLD for each in shown)
    hidden = sum(numbers) - sum(counts[each] for each in shown)
    assert not shown or hidden == 0 or hidden >= THRESHOLD


def test_a_list_shows_what_it_can():
    assert shown_in_list({"a": 40, "b": 6, "c": 3}) == {"a"}
    assert shown_in_list({"a": 40, "b": 4, "c": 3}) == {"a"}
    assert shown_in_list({"a": 40, "b": 6}) == {"a", "b"}


def shared(left: int, places: list[int]) -> Iterator[dict[int, int]]:
    """Every way to share so many among these places."""
    if not places:
        if left == 0:
            yield {}
        return
    for number in range(left + 1) if len(places) > 1 else (left,):
        for rest in shared(left - number, places[1:]):
            yield {places[0]: number} | rest


def others(table: Table, shown: set[tuple[int, int]], rows: set[int], columns: set[int]) -> Iterator[Table]:
    """Every table that shows the same: the same shown cells, totals of these rows and columns, and whole."""
    width, whole = len(table[0]), sum(map(sum, table))
    totals = [sum(line[column] for line in table) for column in range(width)]

    def fill(made: Table) -> Iterator[Table]:
        sums = [sum(line[column] for line in made) for column in range(width)]
        if any(sums[column] > totals[column] for column in columns) or sum(sums) > whole:
            return
        if (row := len(made)) == len(table):
            if sum(sums) == whole and all(sums[column] == totals[column] for column in columns):
                yield made
            return
        free = [column for column in range(width) if (row, column) not in shown]
        seen = sum(table[row][column] for column in range(width) if (row, column) in shown)
        possible = [sum(table[row])] if row in rows else range(seen, whole + 1)
        for total in possible:
            for given_ in shared(total - seen, free):
                yield from fill([*made, [given_.get(column, table[row][column]) for column in range(width)]])

    yield from fill([])


@settings(deadline=None, max_examples=150)
@given(st.data(), st.integers(2, 3), st.integers(2, 3))
def test_no_small_cell_is_certain(data: st.DataObject, height: int, width: int):
    """Beside an attacker who tries every table there is."""
    table = [[data.draw(st.integers(0, 7)) for _column in range(width)] for _row in range(height)]
    cells = {(row, column): number for row, line in enumerate(table) for column, number in enumerate(line) if number}
    by_row = {row: sum(line) for row, line in enumerate(table)}
    by_column = {column: sum(line[column] for line in table) for column in range(width)}
    rows, columns = set(shown_in_list(by_row)), set(shown_in_list(by_column))
    shown = set(shown_in_table(cells, rows=rows, columns=columns))
    assert all(cells[cell] >= THRESHOLD for cell in shown)
    lines = [(by_row[row], [cell for cell in shown if cell[0] == row]) for row in rows]
    lines += [(by_column[column], [cell for cell in shown if cell[1] == column]) for column in columns]
    for total, seen in lines:
        hidden = total - sum(cells[cell] for cell in seen)
        assert hidden == 0 or hidden >= THRESHOLD
    small = {cell for cell, number in cells.items() if number < THRESHOLD}
    for made in others(table, shown, rows, columns):
        small -= {cell for cell in small if made[cell[0]][cell[1]] != cells[cell]}
        if not small:
            return
    assert small == set()


def test_subtraction_twice_is_foreseen():
    """Rows and columns each hide two, and yet one cell would be alone between two squares: it is not."""
    table = {
        ("a", 1): 3, ("a", 2): 9, ("b", 1): 9, ("b", 2): 9, ("b", 3): 4,
        ("c", 3): 9, ("c", 4): 9, ("d", 3): 9, ("d", 4): 3,
    }  # fmt: skip
    shown = shown_in_table(table, rows="abcd", columns=(1, 2, 3, 4))
    assert ("b", 3) not in shown
    assert len({cell for cell in table if cell not in shown}) >= 4


def test_a_table_without_small_counts_is_shown_whole():
    table = {(row, column): 5 + row * column for row in range(4) for column in range(4)}
    assert shown_in_table(table, rows=range(4), columns=range(4)) == table.keys()
