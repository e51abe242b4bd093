"""Solving sparse systems over GF(2) by peeling: which unknown follows from which equation.

Equations are rows of a matrix given by the columns of its ones, (start, columns), and by the rows of
the ones in each column, (column_start, rows).
"""

import numpy as np

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import pointer_to


@kernel
def peel(start, columns, column_start, rows, unknown, order, by, of_rows, of_columns):
    """Find an order in which the columns marked in ``unknown`` become known, and how.

    order[i] is the i-th column, and by[i] the row that gives it, all others of which are known by then;
    or -1, a guess. ``unknown``, uint8, is all 0 in the end. ``of_rows`` and ``of_columns`` are room: four and
    five int64 arrays with one for each row and column, all 0.

    A guess is needed where no row has a single unknown left. Rows of two unknowns connect columns that
    all follow from any one of them: the guess is in one of the largest sets so connected, and there in
    most such rows. Without any, it is a column in most of the rows with the fewest unknowns.
    """
    m, n, count = start.size - 1, unknown.size, order.size
    start, columns, column_start, rows = (
        pointer_to(start),
        pointer_to(columns),
        pointer_to(column_start),
        pointer_to(rows),
    )
    unknown, order, by = pointer_to(unknown), pointer_to(order), pointer_to(by)
    # unknowns of each row, and the XOR of their numbers: the number itself if there is only one
    left, which = pointer_to(of_rows[0]), pointer_to(of_rows[1])
    single, double = pointer_to(of_rows[2]), pointer_to(of_rows[3])  # rows in the order they got there
    singles, doubles, first_single, first_double = 0, 0, 0, 0
    for row in range(m):
        for j in range(start[row], start[row + 1]):
            if unknown[columns[j]]:
                left[row] += 1
                which[row] ^= columns[j]
        if left[row] == 1:
            single[singles] = row
            singles += 1
        elif left[row] == 2:
            double[doubles] = row
            doubles += 1
    # Sets of columns: a set becomes known as a whole, so that none is ever taken apart.
    parent, size, best = pointer_to(of_columns[0]), pointer_to(of_columns[1]), pointer_to(of_columns[2])
    votes, ballot = pointer_to(of_columns[3]), pointer_to(of_columns[4])
    for column in range(n):
        parent[column], size[column], best[column] = column, 1, column
    done = 0
    while done < count:
        if first_single < singles:
            row = single[first_single]
            first_single += 1
            if left[row] == 0:
                continue
            column = which[row]
            by[done] = row
        else:
            while first_double < doubles:
                row = double[first_double]
                first_double += 1
                if left[row] == 2:
                    _connect(start, columns, unknown, row, parent, size, best, votes)
            column = _guess_in_largest(n, unknown, parent, size, best)
            if column < 0:
                column = _guess_in_shortest(m, start, columns, unknown, left, ballot)
            if column < 0:
                break
            by[done] = -1
        order[done] = column
        done += 1
        unknown[column] = 0
        for j in range(column_start[column], column_start[column + 1]):
            row = rows[j]
            left[row] -= 1
            which[row] ^= column
            if left[row] == 1:
                single[singles] = row
                singles += 1
            elif left[row] == 2:
                double[doubles] = row
                doubles += 1
    # what is in no equation that is left
    for column in range(n):
        if unknown[column]:
            order[done], by[done] = column, -1
            done += 1
            unknown[column] = 0


@inlined
def _connect(start, columns, unknown, row, parent, size, best, votes):
    """Put the two unknowns of a row into one set; ``best`` of a set is the one in most such rows."""
    other = np.int64(-1)
    for j in range(start[row], start[row + 1]):
        column = np.int64(columns[j])
        if unknown[column]:
            votes[column] += 1
            root = _root(parent, column)
            if votes[column] > votes[best[root]]:
                best[root] = column
            if other >= 0 and other != root:
                if size[other] > size[root]:
                    other, root = root, other
                parent[other] = root
                size[root] += size[other]
                if votes[best[other]] > votes[best[root]]:
                    best[root] = best[other]
            other = root


@inlined
def _guess_in_largest(n, unknown, parent, size, best):
    """The best unknown of the largest set; -1 if all sets have one element."""
    chosen, largest = np.int64(-1), 1
    for column in range(n):
        if unknown[column] and parent[column] == column and size[column] > largest:
            chosen, largest = best[column], size[column]
    return chosen


@inlined
def _guess_in_shortest(m, start, columns, unknown, left, ballot):
    """An unknown in most of the rows with the fewest; -1 if no row has any. ``ballot``: zeros."""
    fewest = np.int64(0)
    for row in range(m):
        if left[row] > 0 and (fewest == 0 or left[row] < fewest):
            fewest = left[row]
    chosen, most = np.int64(-1), 0
    if fewest == 0:
        return chosen
    for row in range(m):
        if left[row] == fewest:
            for j in range(start[row], start[row + 1]):
                column = np.int64(columns[j])
                if unknown[column]:
                    ballot[column] += 1
                    if ballot[column] > most:
                        chosen, most = column, ballot[column]
    for row in range(m):
        if left[row] == fewest:
            for j in range(start[row], start[row + 1]):
                ballot[columns[j]] = 0
    return chosen


@inlined
def _root(parent, column):
    """The representative of a column's set; paths to it are halved on the way."""
    while parent[column] != column:
        parent[column] = parent[parent[column]]
        column = parent[column]
    return column


@kernel
def mark_dependent(order, by, start, columns, marked):
    """Mark, in ``marked``, uint8, every solved column whose equation has a marked one."""
    start, columns, marked = pointer_to(start), pointer_to(columns), pointer_to(marked)
    count, order, by = order.size, pointer_to(order), pointer_to(by)
    for i in range(count):
        if by[i] >= 0:
            for j in range(start[by[i]], start[by[i] + 1]):
                if marked[columns[j]]:
                    marked[order[i]] = 1
                    break


@kernel
def mark_needed(order, by, start, columns, marked):
    """Mark, in ``marked``, uint8, all columns of the equations that solve marked ones."""
    start, columns, marked = pointer_to(start), pointer_to(columns), pointer_to(marked)
    count, order, by = order.size, pointer_to(order), pointer_to(by)
    for i in range(count - 1, -1, -1):
        if by[i] >= 0 and marked[order[i]]:
            for j in range(start[by[i]], start[by[i] + 1]):
                marked[columns[j]] = 1
