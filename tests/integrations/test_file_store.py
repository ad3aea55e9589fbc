"""The file store, as a folder and as a bucket: real files, and S3 spoken over HTTP to a service on this machine."""

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from gdftu_app.clock import now
from gdftu_app.config import settings
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.file_store import SHARDS, Missing, StoreTrouble, file_store, new_key, thumbnail_of
from tests.attachments import bucket
from tests.clouds import installed
from tests.serving import free_port


@pytest.fixture
def folder(tmp_path):
    """The configured folder of a test."""
    with installed(files_url=str(tmp_path / "private")):
        yield tmp_path / "private"


@pytest.fixture(scope="module")
def service():
    with bucket() as configured:
        yield configured


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    """A store of each kind."""
    values = request.getfixturevalue("service") if request.param == "bucket" else {"files_url": str(tmp_path / "own")}
    with installed(**values):
        yield file_store()


class TestAnyStore:
    def test_gives_back_what_was_written(self, store):
        key = new_key()

        store.write(key, b"bytes")
        store.write(thumbnail_of(key), b"small")

        assert (store.read(key), store.read(thumbnail_of(key))) == (b"bytes", b"small")

    def test_says_what_is_missing(self, store):
        with pytest.raises(Missing):
            store.read(new_key())
        with pytest.raises(Missing):
            store.copy(new_key(), new_key())

    def test_copies(self, store):
        key, copy = new_key(), new_key()
        store.write(key, b"bytes")

        store.copy(key, copy)
        store.delete(key)

        assert store.read(copy) == b"bytes"

    def test_deletes_what_is_there_and_what_is_not(self, store):
        key = new_key()
        store.write(key, b"bytes")

        store.delete(key)
        store.delete(key)

        with pytest.raises(Missing):
            store.read(key)

    def test_lists_a_shard_with_the_time_of_writing(self, store):
        key = new_key()
        store.write(key, b"bytes")
        store.write(thumbnail_of(key), b"small")

        listed = {stored.name: stored.written_at for stored in store.list_shard(key[0])}

        assert {key, thumbnail_of(key)} <= listed.keys()
        assert all(abs(now() - listed[name]) < timedelta(seconds=30) for name in (key, thumbnail_of(key)))
        assert [
            stored for shard in SHARDS if shard != key[0] for stored in store.list_shard(shard) if key in stored.name
        ] == []

    def test_lists_anew_each_time(self, store):
        key = new_key()
        assert key not in {stored.name for stored in store.list_shard(key[0])}

        store.write(key, b"bytes")

        assert key in {stored.name for stored in store.list_shard(key[0])}

    def test_removes_strays(self, store):
        key = new_key()
        store.write(key, b"bytes")
        [stray] = [stored for stored in store.list_shard(key[0]) if stored.name == key]

        store.delete_stray(stray)
        store.delete_stray(stray)

        assert key not in {stored.name for stored in store.list_shard(key[0])}

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 42, "a" * 42 + "/", "x" * 43 + ".php", "甲" * 43])
    def test_takes_no_name_but_its_own_kind(self, name: str, store):
        for action in (store.read, store.delete, lambda asked: store.write(asked, b"x")):
            with pytest.raises(ValueError, match="not a name"):
                action(name)

    def test_is_written_by_many_at_once(self, store):
        keys = [new_key() for _ in range(12)]
        threads = [threading.Thread(target=store.write, args=(key, key.encode() * 1000)) for key in keys]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert all(store.read(key) == key.encode() * 1000 for key in keys)

    def test_proves_itself_and_leaves_nothing_behind(self, store):
        before = sum(len(store.list_shard(shard)) for shard in SHARDS)

        store.probe()

        assert sum(len(store.list_shard(shard)) for shard in SHARDS) == before


class TestKeys:
    def test_are_long_differ_and_fall_into_the_shards(self):
        keys = {new_key() for _ in range(2000)}

        assert len(keys) == 2000
        assert {len(key) for key in keys} == {43}
        assert {key[0] for key in keys} == set(SHARDS)


class TestFolder:
    def test_is_private(self, folder):
        key = new_key()

        file_store().write(key, b"bytes")

        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / key[0], folder / key[0] / key)]
        assert modes == [0o700, 0o700, 0o600]

    def test_is_in_the_data_folder_unless_configured(self):
        with installed(files_url=""):
            assert str(file_store()) == str(settings().data_dir / "files")

    def test_holds_nothing_of_a_write_that_was_broken_off(self, folder):
        key = new_key()
        file_store().write(key, b"first")
        (folder / key[0] / thumbnail_of(key)).mkdir()

        with pytest.raises(StoreTrouble):
            file_store().write(thumbnail_of(key), b"second")

        assert {path.name for path in (folder / key[0]).iterdir()} == {key, thumbnail_of(key)}
        assert file_store().read(key) == b"first"

    def test_that_cannot_be_written_says_so(self, tmp_path):
        (tmp_path / "a file").write_bytes(b"")

        with installed(files_url=str(tmp_path / "a file")), pytest.raises(StoreTrouble):
            file_store().probe()

    def test_lists_what_a_killed_write_left_behind(self, folder):
        key = new_key()
        file_store().write(key, b"bytes")
        (folder / key[0] / f"{key}.0a1b2c3d.part").write_bytes(b"half")

        assert {stored.name for stored in file_store().list_shard(key[0])} == {key, f"{key}.0a1b2c3d.part"}


class TestBucket:
    def test_keeps_everything_below_its_prefix(self, service):
        with installed(**service):
            assert str(file_store()) == service["files_url"]
            file_store().write("A" * 43, b"bytes")

        whole_bucket = service["files_url"].removesuffix("/some/prefix")
        with installed(**service | {"files_url": whole_bucket}), pytest.raises(Missing):
            file_store().read("A" * 43)

    def test_that_does_not_exist_is_no_store(self, service):
        with installed(**service | {"files_url": "s3://another-bucket"}), pytest.raises(StoreTrouble):
            file_store().probe()

    def test_that_does_not_answer_is_given_up_in_a_while(self):
        nobody = f"http://127.0.0.1:{free_port()}"
        keys = {"files_access_key": "a", "files_secret_key": "b"}

        with installed(files_url="s3://x", files_endpoint_url=nobody, **keys), pytest.raises(StoreTrouble):
            file_store().read(new_key())


class TestConfiguration:
    @pytest.mark.parametrize("url", ["https://example.org/files", "s3://", "ftp://x/y"])
    def test_an_address_that_is_neither_is_refused(self, url: str):
        with installed(files_url=url), pytest.raises(Misconfigured, match="GDFTU_FILES_URL"):
            file_store()

    def test_half_a_pair_of_keys_is_refused(self):
        with installed(files_url="s3://x", files_access_key="a"), pytest.raises(Misconfigured, match="SECRET_KEY"):
            file_store()

    def test_the_store_changes_with_the_configuration_and_not_otherwise(self, tmp_path):
        with installed(files_url=str(tmp_path / "one")):
            one = file_store()
            assert file_store() is one
        with installed(files_url=f"file://{tmp_path}/two"):
            assert str(file_store()) == str(tmp_path / "two")
