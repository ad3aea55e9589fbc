"""Garbage of the file store: what nobody handed in and what no row knows goes, everything else stays."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from gdftu_app.clock import frozen_at, now, travel
from gdftu_app.db import unit_of_work
from gdftu_app.errors import InvalidInput
from gdftu_app.integrations.file_store import SHARDS, StoreTrouble, file_store, new_key, thumbnail_of
from gdftu_app.models.files import StoredFile
from gdftu_app.services import worker
from gdftu_app.services.file_examination import examine
from gdftu_app.services.file_garbage import SHARD_SECONDS, collect_abandoned, sweep_strays
from gdftu_app.services.files import KeptFile, attach, enter, keep_bytes, keep_upload, prolong
from tests.attachments import PDF, bucket, photo
from tests.clouds import installed
from tests.factories import id_of, make_account

DAY, LONG_AGO = timedelta(days=1), timedelta(days=2)


@pytest.fixture
def folder(own_database: str, tmp_path: Path) -> Iterator[Path]:
    """A store of the test's own, for a database of its own; the clock stands still."""
    with installed(files_url=str(tmp_path / "files"), database_url=own_database), frozen_at(now()):
        yield tmp_path / "files"


@pytest.fixture
def account_id(folder: Path) -> int:
    with unit_of_work() as session:
        return id_of(make_account(session))


def uploaded(account_id: int) -> KeptFile:
    with unit_of_work() as session:
        return keep_upload(session, account_id=account_id, name="证.jpg", content=photo())


def rows() -> set[str]:
    with unit_of_work(reading=True) as session:
        return set(session.exec(select(StoredFile.key)))


def stored_names() -> set[str]:
    return {stored.name for shard in SHARDS for stored in file_store().list_shard(shard)}


def sweep_all() -> int:
    return sum(sweep_strays(shard=shard) for shard in SHARDS)


def age(folder: Path, by: timedelta = LONG_AGO) -> None:
    """Let everything in the folder be older."""
    for path in folder.rglob("*"):
        if path.is_file():
            moment = path.stat().st_mtime - by.total_seconds()
            os.utime(path, (moment, moment))


class TestAbandoned:
    def test_goes_with_its_bytes_when_its_time_is_over(self, account_id):
        uploaded(account_id)

        assert collect_abandoned() == 0
        travel(DAY + timedelta(minutes=61))
        assert collect_abandoned() == 1

        assert (rows(), stored_names()) == (set(), set())

    def test_stays_an_hour_for_the_sake_of_other_clocks(self, account_id):
        uploaded(account_id)
        travel(DAY + timedelta(minutes=59))

        assert collect_abandoned() == 0

    def test_stays_while_a_draft_mentions_it_or_once_it_was_handed_in(self, account_id):
        in_draft, handed_in = uploaded(account_id), uploaded(account_id)
        with unit_of_work() as session:
            prolong(session, account_id=account_id, keys=[in_draft.key])
            attach(session, account_id=account_id, key=handed_in.key, subject="registrations:1", field="f")

        travel(timedelta(days=20))
        assert collect_abandoned() == 0
        travel(timedelta(days=20))
        assert collect_abandoned() == 1

        assert rows() == {handed_in.key}
        assert stored_names() == {handed_in.key, thumbnail_of(handed_in.key)}

    def test_of_which_there_is_much_goes_bit_by_bit(self, account_id):
        for _ in range(5):
            uploaded(account_id)
        travel(LONG_AGO)

        assert [collect_abandoned(limit=2) for _ in range(4)] == [2, 2, 1, 0]

    def test_is_tried_again_when_the_store_did_not_remove_it(self, account_id, folder):
        kept = uploaded(account_id)
        travel(LONG_AGO)
        (folder / kept.key[0] / thumbnail_of(kept.key)).unlink()
        (folder / kept.key[0] / thumbnail_of(kept.key)).mkdir()

        with pytest.raises(StoreTrouble):
            collect_abandoned()
        assert rows() == {kept.key}
        (folder / kept.key[0] / thumbnail_of(kept.key)).rmdir()

        assert collect_abandoned() == 1

    def test_is_removed_by_several_workers_at_once(self, account_id):
        kept = [uploaded(account_id) for _ in range(12)]
        with unit_of_work() as session:
            attach(session, account_id=account_id, key=kept[0].key, subject="registrations:1", field="f")
        travel(LONG_AGO)
        problems: list[BaseException] = []

        _at_once([collect_abandoned] * 4, problems)

        assert problems == []
        assert rows() == {kept[0].key}
        assert stored_names() == {kept[0].key, thumbnail_of(kept[0].key)}

    def test_whoever_hands_it_in_meanwhile_keeps_it_or_is_told(self, account_id):
        kept = [uploaded(account_id) for _ in range(6)]
        travel(DAY - timedelta(seconds=1))
        answers: dict[str, bool] = {}

        def hand_in_all() -> None:
            for file in kept:
                travel(timedelta(minutes=15))
                try:
                    with unit_of_work() as session:
                        attach(session, account_id=account_id, key=file.key, subject="registrations:1", field="f")
                    answers[file.key] = True
                except InvalidInput:
                    answers[file.key] = False

        problems: list[BaseException] = []
        _at_once([hand_in_all, *[collect_abandoned] * 3], problems)
        collect_abandoned()

        assert problems == []
        assert rows() >= {key for key, was_kept in answers.items() if was_kept}
        assert stored_names() == rows() | {thumbnail_of(key) for key in rows()}


class TestStrays:
    def test_are_bytes_without_a_row_and_go_after_a_day(self, account_id, folder):
        known, stray = uploaded(account_id), keep_bytes(examine("a.jpg", photo()))

        assert sweep_all() == 0
        age(folder)
        assert sweep_all() == 2

        assert stored_names() == {known.key, thumbnail_of(known.key)}
        assert file_store().read(known.key)
        assert stray not in rows()

    def test_are_what_killed_writes_left_behind(self, account_id, folder):
        kept = uploaded(account_id)
        (folder / kept.key[0] / f"{kept.key}.0a1b2c3d.part").write_bytes(b"half")
        age(folder)

        assert sweep_all() == 1

        assert stored_names() == {kept.key, thumbnail_of(kept.key)}

    def test_are_no_bytes_of_an_upload_under_way(self, account_id, folder):
        uploaded(account_id)
        examined = examine("b.jpg", photo())
        key = keep_bytes(examined)
        age(folder, timedelta(hours=23))

        assert sweep_all() == 0
        with unit_of_work() as session:
            enter(session, account_id=account_id, key=key, examined=examined)
        age(folder)

        assert sweep_all() == 0
        assert file_store().read(key)

    def test_of_another_database_are_left_alone(self, folder, caplog):
        for _ in range(3):
            keep_bytes(examine("a.pdf", PDF))
        age(folder)

        assert sweep_all() == 0

        assert len(stored_names()) == 3
        assert "may be another database's" in caplog.text

    def test_of_a_shard_that_are_too_many_are_left_alone(self, account_id, folder, caplog):
        uploaded(account_id)
        for number in range(6):
            file_store().write(f"Z{number}{new_key()[2:]}", b"bytes")
        age(folder)

        assert sweep_strays(shard="Z") == 0

        assert "holds 6 files that no row knows" in caplog.text

    def test_have_their_turn_shard_by_shard_once_a_day(self, account_id, folder):
        uploaded(account_id)
        strays = [f"{shard}{new_key()[1:]}" for shard in SHARDS]
        for stray in strays:
            file_store().write(stray, b"bytes")
        age(folder, timedelta(days=30))

        swept = 0
        for _ in SHARDS:
            swept += sweep_strays()
            travel(timedelta(seconds=SHARD_SECONDS))

        assert swept == len(SHARDS) == 64
        assert not stored_names() & set(strays)

    def test_are_removed_by_several_workers_at_once(self, account_id, folder):
        known = uploaded(account_id)
        for number in range(5):
            file_store().write(f"{known.key[0]}{number}{new_key()[2:]}", b"bytes")
        age(folder)
        problems: list[BaseException] = []

        _at_once([lambda: sweep_strays(shard=known.key[0])] * 4, problems)

        assert problems == []
        assert stored_names() == {known.key, thumbnail_of(known.key)}

    def test_in_a_bucket_are_told_by_its_clock(self, own_database):
        with bucket() as configured, installed(**configured, database_url=own_database):
            with unit_of_work() as session:
                account_id = id_of(make_account(session))
            known, stray = uploaded(account_id), keep_bytes(examine("a.pdf", PDF))

            assert sweep_strays(shard=stray[0]) == 0
            with frozen_at(now() + timedelta(days=2)):
                assert sweep_strays(shard=stray[0]) == 1
                assert collect_abandoned() == 1
            assert stored_names() & {stray, known.key} == set()


def test_the_worker_does_both_in_threads_of_their_own():
    assert {collect_abandoned, sweep_strays} <= worker.ABROAD.keys()
    assert all(worker.ABROAD[task] > worker.TICK_SECONDS for task in (collect_abandoned, sweep_strays))


def _at_once(tasks: list, problems: list[BaseException]) -> None:
    def attempt(task) -> None:
        try:
            task()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=attempt, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
