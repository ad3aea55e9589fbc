"""The core: one place commits, one spells reach, one knows the time, and queries only read."""

import ast
import re
from collections.abc import Callable

import pytest

from tests.architecture.sources import Module, modules, of_layers

# Where a branch of the tree may be matched by its path: reach itself, the arithmetic of paths, and moving a branch;
# and where a search goes on, in tree order, behind the last path it looked at.
MAY_MATCH_PATHS = {
    "security/actors.py",
    "models/paths.py",
    "models/unions.py",
    "services/union_moves.py",
    "queries/union_plans.py",
}
# The database before there is anything in it, and rows by the million into an empty one.
SCHEMA, BULK = "services/migrations.py", "services/demo/bulk_writing.py"
# Parts of guarded operations that take the actor along without asking for a permission themselves.
PARTS_OF_OPERATIONS = {
    "bell_of",  # counts only the queues whose permission the actor has
    "confirmable",  # a condition, of guarded operations only
    "approve_changes",  # what follows from decisions: called by `approve`, which asks for the queue's permission
    "approve_joins",
    "approve_personal_requests",
    "approve_registrations",
    "approve_transfers",
    "change_details",
    "close_applications",  # what dissolving a union ends, by the guarded operation only
    "hand_on_requests",
    "join_details",
    "personal_request_details",
    "record_each",
    "registration_details",
    "same_person_remarks",  # counts people for the two below and above
    "transfer_details",
    "entrance_of",  # the shell of any administrator; the grant is read by get_actor
    "ids_from",
    "path_of",
    "place_within",  # which union statistics are about; whoever asks has asked for a permission
    "compositions_of",
    "needs_the_tree",  # whether an approval does; that asks for the permission
    "record",
    "start",  # of a job, by guarded operations only
    "member_within_reach",  # which member an operation is about; it has asked for its own permission
    "own_member",
    "own_members",
    "person_of_own_member",  # whose membership an operation is about; it has asked for its own permission
    "reference_within",
    "subordinate_within_reach",
    "union_within_reach",
}
MAY_ASK_THE_TIME = {"clock.py"}
# Durations between two moments of one process; no rule depends on them.
MAY_TIME_ITSELF = {"db.py", "queries/gram_statistics.py", "security/limits.py", "web/health.py"}


def offences(found: Callable[[Module], object], *, allowed: set[str]) -> list[str]:
    return [module.name for module in modules() if found(module) and module.name not in allowed]


def test_only_the_unit_of_work_commits():
    assert offences(lambda module: re.search(r"\.(commit|rollback)\(", module.text), allowed={"db.py", SCHEMA}) == []


def test_only_the_unit_of_work_opens_sessions():
    opened = re.compile(r"\b(Session|sessionmaker|scoped_session)\(|\.connect\(|create_engine\(")

    assert offences(lambda module: opened.search(module.text), allowed={"db.py", SCHEMA, BULK}) == []


def _matches_a_path(module: Module) -> bool:
    return any(_is_range(node) or _is_prefix_match(node) for node in ast.walk(module.tree))


def _is_range(node: ast.AST) -> bool:
    """Whether something is said to come before or after a path."""
    return (
        isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for operator in node.ops)
        and any(_is_path(side) for side in (node.left, *node.comparators))
    )


def _is_prefix_match(node: ast.AST) -> bool:
    """Whether a path is asked what it begins with or looks like."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in PREFIX_MATCHES
        and _is_path(node.func.value)
    )


PREFIX_MATCHES = {
    "startswith",
    "istartswith",
    "like",
    "ilike",
    "between",
    "contains",
    "regexp_match",
    "op",
    "removeprefix",
}


def _is_path(node: ast.expr) -> bool:
    """Whether an expression is a union's path: `union.path`, `Union.path`, `col(Union.path)`, `unions.c.path`."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "col" and node.args:
        return _is_path(node.args[0])
    return (
        isinstance(node, ast.Attribute) and node.attr in ("path", "union_path") and "union" in ast.unparse(node).lower()
    )


def test_reach_has_one_spelling():
    assert offences(_matches_a_path, allowed=MAY_MATCH_PATHS) == []


@pytest.mark.parametrize(
    "offence",
    [
        "select(Union).where(col(Union.path).startswith(actor.union_path))",
        "select(Union).where(Union.path.like('/1/%'))",
        "select(Union).where(col(Union.path) >= path, col(Union.path) < end)",
        "union.path.startswith(actor.union_path)",
        "x = unions.c.path.between(a, b)",
    ],
)
def test_another_spelling_of_reach_would_be_noticed(offence: str):
    assert _matches_a_path(Module("queries/x.py", offence))


def _requires_first(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it begins with asking for the permission of the queue it is about, or passes on to what does."""
    first = [ast.unparse(statement) for statement in function.body[1:3]]
    return any(re.search(r"actor\.require\(queue\.|matching_ids\(session, actor, queue=", line) for line in first[:1])


def test_every_function_that_takes_an_actor_is_guarded_or_a_known_part_of_one_that_is():
    unguarded = {
        f"{module.name}: {function.name}"
        for module in of_layers("queries", "services")
        for function in module.functions()
        if not function.name.startswith("_")
        and any(argument.arg == "actor" for argument in (*function.args.args, *function.args.kwonlyargs))
        and not any(ast.unparse(decorator).startswith("requires(") for decorator in function.decorator_list)
        and not _requires_first(function)
        and function.name not in PARTS_OF_OPERATIONS
    }

    assert unguarded == set()


def test_a_guarded_function_takes_the_actor_before_everything_asked():
    wrong = [
        f"{module.name}: {function.name}"
        for module in of_layers("queries", "services")
        for function in module.functions()
        if any(ast.unparse(decorator).startswith("requires(") for decorator in function.decorator_list)
        and [argument.arg for argument in function.args.args] != ["session", "actor"]
    ]

    assert wrong == []


def test_queries_only_read():
    writes = re.compile(
        r"\bsession\.(add|add_all|delete|merge|flush|begin_nested)\(|\b(insert|update|delete)\(|with_for_update"
    )

    assert [module.name for module in of_layers("queries") if writes.search(module.text)] == []


def test_nothing_but_the_database_module_speaks_of_sqlite_settings():
    assert offences(lambda module: "PRAGMA" in module.text, allowed={"db.py", SCHEMA, BULK}) == []


class TestTheClock:
    def test_is_the_only_one_that_asks_what_time_it_is(self):
        asked = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|func\.now\(|CURRENT_TIMESTAMP|time\.time\(\)")

        assert offences(lambda module: asked.search(module.text), allowed=MAY_ASK_THE_TIME | MAY_TIME_ITSELF) == []

    def test_is_held_by_tests_and_demo_data_only(self):
        held = [
            module.name
            for module in modules()
            if re.search(r"frozen_at\(|\btravel\(", module.text)
            and module.name != "clock.py"
            and not module.name.startswith(("cli/", "services/demo/"))
        ]

        assert held == []
