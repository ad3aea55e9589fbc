"""`python -m bench.document`: makes docs/benchmarks.md from what was measured last."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figure_tables import figure_sections
from bench.results import Section, Table, sections

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_HEAD = """# Benchmarks

Made by `make bench` from the results in `bench/results`; what is measured and how to read it stands in
[bench/README.md](../bench/README.md). Each section says what machine it was measured on, and beside what other work.
Compare within a section, and measure again on a machine of your own.
"""


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(rendered([*figure_sections(), *sections()]), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(DOCUMENT.parents[1])} made")


def rendered(found: list[Section]) -> str:
    """The text of the document."""
    return "\n".join([_HEAD, *(line for section in found for line in _section(section))]).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}\n"
    yield f"Measured on {section.measured_on}. {section.machine}.\n"
    for note in section.notes:
        yield f"{note}\n"
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"**{table.title}**\n"
    yield f"| {' | '.join(table.head)} |"
    yield "|" + "---|" * len(table.head)
    for row in table.rows:
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
