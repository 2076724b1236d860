"""From the Neocognitron to SENet: what was published, and what follows from the networks as data.

history             what was published, each number with its source and grade
line                where things stand on the line
comparisons         networks as points; versions: the other network of a name
anatomy             what repeats in a network, and the block that it is known for
network_summary     a network as text and table; network_code: as a program
blocks_at_work      five kinds of block on one photograph; block_snippets: as a program
"""
