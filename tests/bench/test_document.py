"""docs/benchmarks.md is what the results kept in bench/results make."""

from bench.document import DOCUMENT, rendered
from bench.figure_tables import figure_sections
from bench.results import Section, Table, sections


def test_the_document_says_what_was_measured():
    assert DOCUMENT.read_text(encoding="utf-8") == rendered([*figure_sections(), *sections()])


def test_a_section_tells_where_it_was_measured_before_its_tables():
    section = Section("Title", ["A note."], [Table("Table", ["", "ms"], [["page", "1.0"]])], "2 cores", "2026-01-05")

    text = rendered([section])

    assert text.endswith(
        "## Title\n\nMeasured on 2026-01-05. 2 cores.\n\nA note.\n\n**Table**\n\n|  | ms |\n|---|---|\n| page | 1.0 |\n"
    )
