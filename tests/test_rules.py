"""Rules about the tests themselves."""

import ast
from pathlib import Path

TESTS = Path(__file__).parent
_CLOCKS = {"monotonic", "perf_counter", "process_time", "time", "now"}
_MEASURED = {"elapsed", "took", "took_s"}
_LOOPS = {"asyncio.run", "asyncio.new_event_loop", "anyio.run"}
_MODULES = [
    path
    for path in sorted(TESTS.rglob("*.py"))
    if TESTS / "benchmarks" not in path.parents and path != Path(__file__)
]


def test_no_test_asserts_how_long_something_took() -> None:
    """A busy machine would fail it: durations are measured in `tests/benchmarks`."""
    found = [
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in _MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert) and any(map(_is_duration, ast.walk(node.test)))
    ]

    assert found == []


def test_no_test_runs_an_event_loop_in_its_own_thread() -> None:
    """Where a browser is open in the same worker that fails: `tests.own_loop` has a thread."""
    found = [
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in _MODULES
        if path.name != "own_loop.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _LOOPS
    ]

    assert found == []


def _is_duration(node: ast.AST) -> bool:
    """Tell whether an expression is a difference from a clock, or a time taken."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        left = node.left
        return isinstance(left, ast.Call) and _name(left.func) in _CLOCKS
    return _name(node) in _MEASURED


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
