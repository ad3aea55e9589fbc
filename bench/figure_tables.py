"""The sections of overview and statistics in the document, from the results kept of databases of all sizes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bench.results import Section, Table, saved

Result = dict[str, Any]
NOTES = (
    "Milliseconds of one question as the pages ask it, in a reading transaction of its own: permission, reach, all"
    " statements, the answer as plain objects; **median / 95th percentile**, and the number of statements. *Between"
    " other days*: a range that begins and ends in the middle of months, and some weeks ago. The bulk demo has 300,000"
    " unions at every size.",
    "**Counted** are the members of the branch by `COUNT` with a join, and three years of its months from events, once"
    " each after being read before, with as many processes as the server takes. **Kept** are the same numbers as the"
    " application has them, exact, what is pending included, in a reading transaction of its own. The **floor** is one"
    " row read by its primary key, by the bare driver.",
)
_PAGES = (
    ("Overview", "overview"),
    ("Statistics: 3 years by month", "3 years by month"),
    ("Statistics: 3 years between other days", "3 years between other days"),
    ("Statistics: 30 days by day", "30 days by day"),
    ("Statistics: the union alone, 3 years by month", "the union alone, 3 years"),
)


def figure_sections() -> Iterator[Section]:
    """One section; none when nothing was measured."""
    results = sorted(saved("figures"), key=lambda result: (result["kind"] == "sqlite", result["members"]))
    if not results:
        return
    tables = [_by_place(title, results, _page(name)) for title, name in _PAGES]
    tables += [
        _by_place("Counted: members; months", results, lambda place: _pair(place["counted"])),
        _by_place("Kept: members; months", results, lambda place: _pair(place["kept"])),
        _by_place("Times faster than counting: members; months", results, _times),
        Table("The largest and the smallest", ("", *map(_size, results)), list(_sizes(results))),
        Table("Compared: direct subordinates of one union", ("", *map(_size, results)), list(_compared(results))),
    ]
    machines = {result["machine"]: [] for result in results}
    for result in results:
        machines[result["machine"]].append(_size(result))
    told = "; ".join(f"{', '.join(sizes)}: {machine}" for machine, sizes in machines.items())
    yield Section("Overview and statistics", NOTES, tables, told, max(result["measured_on"] for result in results))


def _size(result: Result) -> str:
    kind = "SQLite" if result["kind"] == "sqlite" else "PostgreSQL"
    millions = result["members"] / 1e6
    return f"{kind} {millions:.0f} M" if millions >= 1 else f"{kind} {millions:.1f} M"


def _by_place(title: str, results: list[Result], cell: Callable[[Result], str]) -> Table:
    rows: list[tuple[str, ...]] = []
    for at, place in enumerate(results[0]["places"]):
        rows.append((place["name"], *(cell(result["places"][at]) for result in results)))
    return Table(title, ("", *map(_size, results)), rows)


def _page(name: str) -> Callable[[Result], str]:
    return lambda place: _timing(place["pages"][name])


def _timing(found: list[float]) -> str:
    return f"{found[0]:.1f} / {found[1]:.1f} ({found[2]:.0f})"


def _pair(found: list[float]) -> str:
    return "; ".join(f"{each:,.0f}" if each >= 10 else f"{each:.1f}" for each in found)


def _times(place: Result) -> str:
    if not place["counted"]:
        return ""
    times = (counted / kept for counted, kept in zip(place["counted"], place["kept"], strict=True))
    return "; ".join(f"{each:,.0f}" if each >= 10 else f"{each:.1f}" for each in times)


def _sizes(results: Iterable[Result]) -> Iterator[tuple[str, ...]]:
    listed = list(results)
    for at, place in enumerate(listed[0]["places"]):
        cells = (
            f"{each['members']:,} in {each['unions'] + 1:,}" for each in (result["places"][at] for result in listed)
        )
        yield (f"{place['name']}: members, unions", *cells)
    yield ("floor, ms", *(f"{result['floor'][0]:.2f} / {result['floor'][1]:.2f}" for result in listed))


def _compared(results: list[Result]) -> Iterator[tuple[str, ...]]:
    for name in results[0]["comparisons"]:
        yield (name, *(_timing(result["comparisons"].get(name, [0, 0, 0])) for result in results))
