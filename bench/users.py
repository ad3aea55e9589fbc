"""Several users at once, served by worker processes with a thread for each question, as an installation serves them."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from random import Random
from typing import Any

from sqlalchemy import Engine

from bench.asking import actor_in, ask
from bench.keywords import keywords_of
from bench.timing import Timing, timed
from bench.world import World
from gdftu_app.db import make_engine
from gdftu_app.queries.union_search import search_unions
from gdftu_app.security.actors import Actor

SECONDS, WORKERS = 8.0, 2
WARM_UP = 40
Asked = Sequence[tuple[Actor, str]]


def searching(
    url: str, world: World, users: int, *, workers: int = WORKERS, pause: float = 0.0, seconds: float = SECONDS
) -> tuple[Timing, float]:
    """Users that search for some seconds, spread over workers: what each search took, and searches per second.

    Each waits for its answer and then, on average, `pause` seconds before it asks again.
    """
    context = get_context("spawn")
    spread = [numbers for numbers in (range(users)[first::workers] for first in range(workers)) if numbers]
    start, answers = context.Barrier(len(spread)), context.SimpleQueue()
    processes = [
        context.Process(target=_worker, args=(url, world, numbers, pause, seconds, start, answers))
        for numbers in spread
    ]
    for process in processes:
        process.start()
    samples = [sample for _ in processes for sample in answers.get()]
    for process in processes:
        process.join()
    return Timing(samples), len(samples) / seconds


def _worker(
    url: str, world: World, numbers: Sequence[int], pause: float, seconds: float, start: Barrier, answers: Any
) -> None:
    engine = make_engine(url)
    actors = [actor_in(engine, union) for union in (world.province, world.city, world.county)]
    asked = [(actor, word) for words in keywords_of(engine).values() for word in words for actor in actors]
    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(lambda number: [_search(engine, *each) for each in asked[number::11][:WARM_UP]], numbers))
        start.wait()
        end = time.perf_counter() + seconds
        users = [pool.submit(_use, engine, asked, number, pause, end) for number in numbers]
        answers.put([sample for user in users for sample in user.result()])


def _use(engine: Engine, asked: Asked, number: int, pause: float, end: float) -> list[float]:
    random = Random(number)
    mine = random.sample(asked, len(asked))
    samples: list[float] = []
    time.sleep(random.random() * 2 * pause)
    while time.perf_counter() < end:
        actor, keyword = mine[len(samples) % len(mine)]
        samples.append(timed(lambda actor=actor, keyword=keyword: _search(engine, actor, keyword)))
        time.sleep(random.random() * 2 * pause)
    return samples


def _search(engine: Engine, actor: Actor, keyword: str) -> None:
    ask(engine, search_unions, actor, keyword=keyword)
