"""The two loops of the planner, written so that numba can compile them and plain Python can run them as they are.

Vocabulary (arrays are flat and of one dimension; times in seconds, rising):

line    trips that call at the same nodes in the same order, none overtaking another (`network.Lines`)
row     a trip in its line, by departure; times are kept position by position: cell + position * rows + row
node    a stop as riders change at it
label   a way to be at a node: `time`, `walk` (whole minutes, each walk rounded), `round` (vehicles taken), `parent`

Two kinds of labels: having got off at a node (ride), and being ready to board at one (ready). Both are kept in a bag a
node, linked lists without dominated labels. Source: Delling, Pajor, Werneck, « Round-Based Public Transit Routing »
(RAPTOR, its multi-criteria and its range variants), with changes as relations of their own.
"""

from collections.abc import Callable
from typing import Any

FAR = 2_000_000_000
TIME, WALK, ROUND, PARENT, NODE, LINE, ROW, ON, OFF, NEXT = range(10)
"""What the numbers of a label are, in the flat pool of labels: ten each."""
WIDTH = 10
BAG = 64
"""The most labels a line carries at once while it is scanned."""

Array = Any


def _first_row(departure: Array, cell: int, rows: int, position: int, since: int, below: int) -> int:
    """The first row under `below` that leaves this position at `since` or later; `below` when none does."""
    low = 0
    high = below
    base = cell + position * rows
    while low < high:
        middle = (low + high) // 2
        if departure[base + middle] < since:
            low = middle + 1
        else:
            high = middle
    return low


def _reach(
    line_first: Array, line_rows: Array, line_cell: Array, call_node: Array, call_boards: Array, call_alights: Array,
    arrival: Array, departure: Array, node_first: Array, node_line: Array, node_position: Array,
    path_first: Array, path_to: Array, path_ready: Array,
    start_node: Array, start_time: Array, ends: Array, limit: Array, rounds: int, until: int, slack: int,
    ride: Array, ready: Array, taken: Array, by_round: Array, line_from: Array, queue: Array, marked: Array,
    touched: Array,
) -> None:  # fmt: skip
    """Earliest arrivals: `ride[node]` by vehicle (the last of `taken[node]`), `ready[node]` to board.

    `by_round[k]`: at the end with k vehicles.
    `ends[node]`: seconds from a node to the end, -1 for none; without any, all the nodes are reached.
    `limit[node]`: arrivals from there on are of no use; nor are those `slack` seconds after the best at the end.
    The last four arrays are room to work in: `line_from` FAR everywhere, `marked` and `touched` zeros.
    """
    best = until
    count = 0
    for n in range(len(start_node)):
        node = start_node[n]
        if start_time[n] < ready[node]:
            ready[node] = start_time[n]
            if marked[node] == 0:
                marked[node] = 1
                queue[count] = node
                count += 1
    lines = len(line_rows)
    for k in range(1, rounds + 1):
        by_round[k] = by_round[k - 1]
        if count == 0:
            continue
        for n in range(count):
            node = queue[n]
            marked[node] = 0
            for place in range(node_first[node], node_first[node + 1]):
                if node_position[place] < line_from[node_line[place]]:
                    line_from[node_line[place]] = node_position[place]
        count = 0
        for line in range(lines):
            start = line_from[line]
            if start == FAR:
                continue
            line_from[line] = FAR
            rows = line_rows[line]
            cell = line_cell[line]
            first = line_first[line]
            row = rows
            for position in range(start, line_first[line + 1] - first):
                node = call_node[first + position]
                base = cell + position * rows
                if row < rows and call_alights[first + position]:
                    when = arrival[base + row]
                    if when < ride[node] and when < best and when < limit[node]:
                        ride[node] = when
                        taken[node] = k
                        if ends[node] >= 0 and when + ends[node] < by_round[k]:
                            by_round[k] = when + ends[node]
                            if by_round[k] + slack < best:
                                best = by_round[k] + slack
                        if touched[node] == 0:
                            touched[node] = 1
                            queue[count] = node
                            count += 1
                if call_boards[first + position]:
                    since = ready[node]
                    if since < FAR and (row == rows or since <= departure[base + row]):
                        row = _first_row(departure, cell, rows, position, since, row)
        changed = count
        # The nodes made ready are written after those where one got off; then they take their place.
        total = changed
        for n in range(changed):
            node = queue[n]
            touched[node] = 0
            when = ride[node]
            for path in range(path_first[node], path_first[node + 1]):
                to = path_to[path]
                then = when + path_ready[path]
                if then < ready[to] and then < best:
                    ready[to] = then
                    if marked[to] == 0:
                        marked[to] = 1
                        queue[total] = to
                        total += 1
        for n in range(changed, total):
            queue[n - changed] = queue[n]
        count = total - changed


def _dominated(pool: Array, head: int, when: int, walk: int, round: int) -> bool:
    """Whether a label of this bag is at least as good in everything."""
    label = head
    while label >= 0:
        at = label * 10
        if pool[at] <= when and pool[at + 1] <= walk and pool[at + 2] <= round:
            return True
        label = pool[at + 9]
    return False


def _without(pool: Array, head: int, when: int, walk: int, round: int) -> int:
    """The bag without the labels that this one dominates: its new head."""
    while head >= 0:
        at = head * 10
        if pool[at] >= when and pool[at + 1] >= walk and pool[at + 2] >= round:
            head = pool[at + 9]
        else:
            break
    label = head
    while label >= 0:
        following = pool[label * 10 + 9]
        if following >= 0:
            at = following * 10
            if pool[at] >= when and pool[at + 1] >= walk and pool[at + 2] >= round:
                pool[label * 10 + 9] = pool[at + 9]
                continue
        label = following
    return head


def _pareto(
    line_first: Array, line_rows: Array, line_cell: Array, call_node: Array, call_boards: Array, call_alights: Array,
    arrival: Array, departure: Array, node_first: Array, node_line: Array, node_position: Array,
    path_first: Array, path_to: Array, path_ready: Array, path_walk: Array,
    start_first: Array, start_node: Array, start_time: Array, start_walk: Array,
    ends: Array, end_walk: Array, bound: Array, leave_by: Array, board_by: Array, rounds: int,
    pool: Array, rides: Array, readies: Array, line_from: Array, queue: Array, marked: Array, touched: Array,
    bag: Array, found: Array,
) -> int:  # fmt: skip
    """All the ways that no other one beats on arrival, vehicles and walking at once: how many are in `found`.

    `start_first` parts the starts by moment of leaving, the latest first: one that leaves earlier has to be better in
    something than all that leave later. `bound[k]`: the last arrival that is still wanted with k vehicles. To go on
    with another vehicle, one has to get off a node by `leave_by` and be ready to board by `board_by`: later is in vain.
    `found`: pairs of a label (of kind ride) and the number of its moment of leaving. -1 when the room is too small.
    """
    room = len(pool) // 10
    most = len(found) // 2
    size = 0
    kept = 0
    goal = -1  # the bag of the end: its labels have parents of kind ride
    lines = len(line_rows)
    for departing in range(len(start_first) - 1):
        begin = size
        count = 0
        for n in range(start_first[departing], start_first[departing + 1]):
            node = start_node[n]
            if _dominated(pool, readies[node], start_time[n], start_walk[n], 0):
                continue
            if size >= room:
                return -1
            readies[node] = _without(pool, readies[node], start_time[n], start_walk[n], 0)
            at = size * 10
            pool[at] = start_time[n]
            pool[at + 1] = start_walk[n]
            pool[at + 2] = 0
            pool[at + 3] = -1
            pool[at + 4] = node
            pool[at + 5] = -1
            pool[at + 6] = n
            pool[at + 7] = -1
            pool[at + 8] = -1
            pool[at + 9] = readies[node]
            readies[node] = size
            size += 1
            if marked[node] == 0:
                marked[node] = 1
                queue[count] = node
                count += 1
        for k in range(1, rounds + 1):
            if count == 0:
                break
            for n in range(count):
                node = queue[n]
                marked[node] = 0
                for place in range(node_first[node], node_first[node + 1]):
                    if node_position[place] < line_from[node_line[place]]:
                        line_from[node_line[place]] = node_position[place]
            count = 0
            fresh = size
            for line in range(lines):
                start = line_from[line]
                if start == FAR:
                    continue
                line_from[line] = FAR
                rows = line_rows[line]
                cell = line_cell[line]
                first = line_first[line]
                carried = 0
                for position in range(start, line_first[line + 1] - first):
                    node = call_node[first + position]
                    base = cell + position * rows
                    if carried > 0 and call_alights[first + position]:
                        for n in range(carried):
                            when = arrival[base + bag[n * 4]]
                            walk = bag[n * 4 + 1]
                            if when > bound[k] or (ends[node] < 0 and when > leave_by[node]):
                                continue
                            if _dominated(pool, rides[node], when, walk, k):
                                continue
                            if _dominated(pool, goal, when, walk, k):
                                continue
                            if size + 1 >= room:
                                return -1
                            rides[node] = _without(pool, rides[node], when, walk, k)
                            at = size * 10
                            pool[at] = when
                            pool[at + 1] = walk
                            pool[at + 2] = k
                            pool[at + 3] = bag[n * 4 + 2]
                            pool[at + 4] = node
                            pool[at + 5] = line
                            pool[at + 6] = bag[n * 4]
                            pool[at + 7] = bag[n * 4 + 3]
                            pool[at + 8] = position
                            pool[at + 9] = rides[node]
                            rides[node] = size
                            size += 1
                            if ends[node] >= 0:
                                then = when + ends[node]
                                far = walk + end_walk[node]
                                if then <= bound[k] and not _dominated(pool, goal, then, far, k):
                                    goal = _without(pool, goal, then, far, k)
                                    at = size * 10
                                    pool[at] = then
                                    pool[at + 1] = far
                                    pool[at + 2] = k
                                    pool[at + 3] = size - 1
                                    pool[at + 4] = -1
                                    pool[at + 9] = goal
                                    goal = size
                                    size += 1
                                    if kept >= most:
                                        return -1
                                    found[kept * 2] = size - 1
                                    found[kept * 2 + 1] = departing
                                    kept += 1
                            if touched[node] == 0:
                                touched[node] = 1
                                queue[count] = node
                                count += 1
                    if call_boards[first + position]:
                        label = readies[node]
                        while label >= 0:
                            at = label * 10
                            if label >= begin and pool[at + 2] == k - 1:
                                walk = pool[at + 1]
                                row = _first_row(departure, cell, rows, position, pool[at], rows)
                                if row < rows:
                                    beaten = False
                                    n = 0
                                    while n < carried:
                                        if bag[n * 4] <= row and bag[n * 4 + 1] <= walk:
                                            beaten = True
                                            break
                                        if bag[n * 4] >= row and bag[n * 4 + 1] >= walk:
                                            carried -= 1
                                            for part in range(4):
                                                bag[n * 4 + part] = bag[carried * 4 + part]
                                        else:
                                            n += 1
                                    if not beaten and carried < BAG:
                                        bag[carried * 4] = row
                                        bag[carried * 4 + 1] = walk
                                        bag[carried * 4 + 2] = label
                                        bag[carried * 4 + 3] = position
                                        carried += 1
                            label = pool[at + 9]
            changed = count
            total = changed
            for n in range(changed):
                node = queue[n]
                touched[node] = 0
                label = rides[node]
                while label >= 0:
                    at = label * 10
                    if label >= fresh and pool[at + 2] == k:
                        for path in range(path_first[node], path_first[node + 1]):
                            to = path_to[path]
                            then = pool[at] + path_ready[path]
                            far = pool[at + 1] + path_walk[path]
                            if then > board_by[to] or _dominated(pool, readies[to], then, far, k):
                                continue
                            if _dominated(pool, goal, then, far, k):
                                continue
                            if size >= room:
                                return -1
                            readies[to] = _without(pool, readies[to], then, far, k)
                            into = size * 10
                            pool[into] = then
                            pool[into + 1] = far
                            pool[into + 2] = k
                            pool[into + 3] = label
                            pool[into + 4] = to
                            pool[into + 5] = -1
                            pool[into + 6] = path
                            pool[into + 7] = -1
                            pool[into + 8] = -1
                            pool[into + 9] = readies[to]
                            readies[to] = size
                            size += 1
                            if marked[to] == 0:
                                marked[to] = 1
                                queue[total] = to
                                total += 1
                    label = pool[at + 9]
            for n in range(changed, total):
                queue[n - changed] = queue[n]
            count = total - changed
        # Nodes made ready in the last round, which no further round looks at.
        for n in range(count):
            marked[queue[n]] = 0
    return kept


reach: Callable[..., None] = _reach
pareto: Callable[..., int] = _pareto
