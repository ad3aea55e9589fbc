"""Modules: small, described, and without anything that belongs into a configuration or nowhere."""

import ast
import re
from collections.abc import Callable, Container, Iterator

from tests.architecture.sources import PACKAGE, Module, modules

MOST_LINES = 400
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
RESIDENT_ID = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)")
ADDRESS = re.compile(r"\b(?:https?|wss?|ftp)://(?!localhost|127\.0\.0\.1|www\.w3\.org)(?P<host>[^\s/\"'{}]+)")
SECRET_NAME = re.compile(r"(?i)(?:^|_)(?:secret|password|passwd|token|api_?key|credential)s?$")
SHORTEST_SECRET = 12
LEFT_FOR_LATER = re.compile(r"(?m)\b(?:TODO|FIXME|XXX|HACK)\b|breakpoint\(|^\s*print\(")
RUNS_WHAT_IT_IS_GIVEN = {"eval", "exec", "compile", "pickle.loads", "pickle.load", "os.system", "yaml.load"}
SCRIPT_RUNS_STRINGS = re.compile(r"\beval\(|new Function\(|innerHTML|dangerouslySetInnerHTML|document\.write|https?://")
EXCUSE = re.compile(r"#\s*(?:noqa|pyright: ignore|type: ignore)(?P<rest>.*)$")
# Invented people, with phones that no network gives out and a password that is printed at every start.
INVENTED = {"services/demo/people.py", "services/demo/waiting_checks.py"}
# Where the gateways are, unless the operator says otherwise; the server calls them, no page does.
GATEWAYS = {"config.py"}


def offenders(is_wrong: Callable[[Module], object], *, allowed: Container[str] = ()) -> list[str]:
    return [module.name for module in modules() if module.name not in allowed and is_wrong(module)]


def test_every_module_says_what_it_is():
    assert offenders(lambda module: not (ast.get_docstring(module.tree) or "").strip()) == []


def test_no_module_is_long():
    assert offenders(lambda module: module.text.count("\n") > MOST_LINES) == []


def test_no_persons_number_stands_in_the_code():
    assert offenders(lambda module: MOBILE.search(module.text), allowed=INVENTED) == []
    assert offenders(lambda module: RESIDENT_ID.search(module.text)) == []


def test_no_other_host_is_named():
    assert offenders(lambda module: ADDRESS.search(module.text), allowed=GATEWAYS) == []


def test_no_secret_is_written_down():
    assert offenders(lambda module: list(_written_secrets(module)), allowed=INVENTED) == []


def test_nothing_is_left_for_later():
    assert offenders(lambda module: LEFT_FOR_LATER.search(module.text)) == []


def test_nothing_runs_what_it_is_given():
    assert offenders(lambda module: RUNS_WHAT_IT_IS_GIVEN & {name for name, _ in module.calls()}) == []
    assert offenders(lambda module: "shell=True" in module.text) == []


def test_an_exception_from_a_check_bears_its_reason():
    def is_unreasoned(line: str) -> bool:
        found = EXCUSE.search(line)
        return found is not None and not re.search(r"\(.+\)", found["rest"])

    unreasoned = [
        f"{module.name}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), start=1)
        if is_unreasoned(line)
    ]

    assert unreasoned == []


def test_scripts_of_the_browser_run_no_strings():
    scripts = [path for ending in ("js", "jsx") for path in PACKAGE.rglob(f"*.{ending}")]

    assert scripts
    assert [path.name for path in scripts if SCRIPT_RUNS_STRINGS.search(path.read_text(encoding="utf-8"))] == []


def _written_secrets(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        value = getattr(node, "value", None)
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and len(value.value) >= SHORTEST_SECRET:
            named = (ast.unparse(target) for target in targets)
            # A word of an enumeration only repeats its own name.
            yield from (name for name in named if SECRET_NAME.search(name) and value.value != name.lower())
