"""What the portal costs: one module a benchmark, run by bin/bench.

A benchmark module has a docstring, which heads its table, and a function `run()` that
returns the table's rows. Everything runs in one process, so that each figure can be set
beside the floor measured there (`floor.py`): the ratio survives a noisy machine.
"""
