"""Synthetic organisation trees of a given size, written in bulk to a scratch database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from bench.names import base_name, initials_of, places
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.queries.union_grams import grams_of_union

WIDE = 1_000
FOUNDED = "2015-06-18"
MOMENT = "2025-01-01 00:00:00+00"
UNION_COLUMNS = [
    "id",
    "superior_id",
    "path",
    "level",
    "category",
    "status",
    "name",
    "initials",
    "uscc",
    "division_code",
    "founded_on",
    "principal_name",
    "contact_name",
    "phone_enc",
    "phone_bidx",
    "postcode",
    "approval_number",
    "data_source",
    "version",
    "created_at",
    "updated_at",
]
FIGURE_COLUMNS = [
    "union_id",
    "unions_direct",
    "unions_sub",
    "members_own",
    "members_sub",
    "verified_own",
    "verified_sub",
    "women_own",
    "women_sub",
    "migrant_own",
    "migrant_sub",
]
COUNTS = len(FIGURE_COLUMNS) - 1


@dataclass
class Node:
    """One union to be written; `figures` in the order of the columns of union_figures."""

    id: int
    superior: "Node | None"
    level: str
    category: str
    name: str
    place: tuple[str, ...]
    figures: list[int] = field(default_factory=lambda: [0] * COUNTS)
    path: str = ""

    def __post_init__(self) -> None:
        self.path = f"{self.superior.path if self.superior else '/'}{self.id}/"


@dataclass(frozen=True)
class World:
    """What a benchmark needs to know of the tree it reads; unions by id."""

    unions: int
    province: int
    city: int
    county: int
    wide: int


class Maker:
    """Grows a tree of the shape of a province: cities, counties, towns, federations, and base unions of all of them."""

    def __init__(self, unions: int, seed: int = 20_250_101) -> None:
        self.random = Random(seed)
        self.wanted = unions
        self.nodes: list[Node] = []
        self.names = iter(places(self.random, 200 + unions // 20))

    def add(self, superior: Node | None, level: str, category: str, name: str, place: tuple[str, ...]) -> Node:
        node = Node(len(self.nodes) + 1, superior, level, category, name, place)
        self.nodes.append(node)
        return node

    def grow(self) -> World:
        cities, counties, towns = (21, 6, 14) if self.wanted > 50_000 else (4, 3, 5)
        top = self.add(None, "province", "provincial", "广东省总工会", ())
        made: dict[str, list[Node]] = {"city": [], "county": [], "town": [], "industry": []}
        for _ in range(cities):
            city = next(self.names)
            made["city"].append(self.add(top, "city", "city", f"{city}市总工会", (city, "", "")))
        for up in made["city"]:
            for _ in range(counties):
                place = (up.place[0], next(self.names), "")
                made["county"].append(self.add(up, "county", "county", f"{place[1]}区总工会", place))
            made["industry"] += [
                self.add(up, "county", "industry", f"{up.place[0]}市{trade}工会", up.place)
                for trade in ("教育", "卫生健康系统", "交通运输", "建设")
            ]
        for up in made["county"]:
            for _ in range(towns):
                place = (*up.place[:2], next(self.names))
                made["town"].append(self.add(up, "town", "town", f"{place[2]}镇总工会", place))
        wide = made["town"].pop()
        for superior in self._superiors(wide, made["town"] + made["industry"]):
            city, county, town = superior.place
            category = "joint_base" if self.random.random() < 0.1 else "single_base"
            self.add(superior, "base", category, base_name(self.random, city, county, town), superior.place)
        self._count()
        largest = max(made["city"], key=lambda node: node.figures[1])
        county = max((node for node in made["county"] if node.superior is largest), key=lambda node: node.figures[1])
        return World(len(self.nodes), top.id, largest.id, county.id, wide.id)

    def _superiors(self, wide: Node, others: list[Node]) -> list[Node]:
        """Who each base union belongs to, in the order in which they were founded: all over the province."""
        weights = [
            self.random.lognormvariate(0, 1) * (4 if node.place[0] == others[0].place[0] else 1) for node in others
        ]
        rest = self.wanted - len(self.nodes) - WIDE
        superiors = [wide] * WIDE + self.random.choices(others, weights, k=rest)
        self.random.shuffle(superiors)
        return superiors

    def _count(self) -> None:
        for node in self.nodes:
            if node.level == "base":
                members = 1 + int(self.random.lognormvariate(3.6, 1.2))
                for place, share in ((2, 1.0), (4, self.random.uniform(0.4, 1)), (6, 0.4), (8, 0.3)):
                    node.figures[place] = node.figures[place + 1] = int(members * share)
            if node.superior:
                node.superior.figures[0] += 1
        for node in reversed(self.nodes):
            if node.superior:
                above = node.superior.figures
                above[1] += node.figures[1] + 1
                for place in (3, 5, 7, 9):
                    above[place] += node.figures[place]


def union_rows(nodes: list[Node]) -> Iterator[tuple[Any, ...]]:
    """Rows of `unions`, as wide as real ones."""
    for node in nodes:
        yield (
            node.id, node.superior.id if node.superior else None, node.path, node.level, node.category, "active",
            node.name, initials_of(node.name), uscc_of(node), "440199", FOUNDED, "梁婉婷", "陈明",
            f"v1:0123abcd:{'n' * 16}:{node.id:0>40}", f"{node.id:0>32}", "528311", "粤工复〔2015〕18 号", "import", 1,
            MOMENT, MOMENT,
        )  # fmt: skip


def uscc_of(node: Node) -> str:
    """A valid code that belongs to this node alone."""
    return complete_uscc(f"{'81' if node.level == 'base' else '89'}4401{node.id % 100:02d}{node.id * 7919 % 10**9:09d}")


def search_rows(nodes: list[Node]) -> Iterator[tuple[int, list[int]]]:
    """Rows of `union_search`."""
    for node in nodes:
        yield node.id, grams_of_union(node.name, initials_of(node.name), uscc_of(node), node.path)


def write(engine: Engine, nodes: list[Node]) -> None:
    """Write a tree into an empty, migrated database: COPY on PostgreSQL, executemany on SQLite."""
    tables = (
        ("unions", UNION_COLUMNS, union_rows(nodes)),
        ("union_figures", FIGURE_COLUMNS, ((node.id, *node.figures) for node in nodes)),
        ("union_search", ["union_id", "grams"], search_rows(nodes)),
    )
    with engine.begin() as connection:
        for name, columns, rows in tables:
            indexes = SQLModel.metadata.tables[name].indexes
            for index in indexes:
                index.drop(connection)
            copy = _copy if engine.dialect.name == "postgresql" else _insert
            copy(connection.connection.driver_connection, name, columns, rows)
            for index in indexes:
                index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval(pg_get_serial_sequence('unions', 'id'), max(id)) FROM unions"))
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))
        connection.commit()


def _copy(raw: Any, table: str, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    raw.execute("SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '256MB'")
    with raw.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else value for value in row])


def _insert(raw: Any, table: str, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    plain = (tuple("" if isinstance(value, list) else value for value in row) for row in rows)
    raw.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", plain)
