"""Other engines asked the same questions, each in a process of its own.

They run in the environment of the benchmark (requirements/bench.txt), not in the product's:
nothing here imports the product. What they are asked is a folder that
`tests.benchmarks.routing.asked` writes; what they answer is one JSON object a line, so that one
that crashes half way keeps what it had.
"""
