"""The operations on nodes that decoders of polar codes run through, as numbers.

A node is a part of the code with a polar transform of its own, of m rows from some position on. Its LLRs are
kept in rows m to 2 m - 1 of a buffer: those of a part are always before those of the whole.
"""

#: LLRs of the left half: the box-plus of the two halves. Rows h of the half, first position of the node.
F = 0
#: LLRs of the right half, of which the left half's word is known; and where that word is 0.
G = 1
G_ZERO = 2
#: G and a decision on each bit of the right half, then the word of the node; and where the left word is 0.
G_RATE_1 = 3
G_ZERO_RATE_1 = 4
#: The word of a node from those of its halves; and where the left one is 0.
JOIN = 5
COPY = 6
#: Kernels of size 3: LLRs of the first, the second and the third part, and the word of the node.
FIRST_OF_THREE = 7
SECOND_OF_THREE = 8
THIRD_OF_THREE = 9
JOIN_THREE = 10
#: Whole nodes, by what is free: nothing, all bits, the last one, or all but the first. Rows of the node, its
#: first position, and 1 where its frozen bits are known sums (see ``SUMS``), 0 where they are 0.
RATE_0 = 11
RATE_1 = 12
REPETITION = 13
PARITY = 14
#: A left half of rate 0 in lists, where it costs: its LLRs need not be kept. Rows h, first of the node.
F_RATE_0 = 15
#: Puts the word that a node's dynamic frozen bits make where its own word will be. Rows, first position.
SUMS = 16
#: Keeps v of a decided node, which later sums need. Rows, first position.
KEEP = 17
