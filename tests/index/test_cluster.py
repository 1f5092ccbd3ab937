"""Reading and embedding by the workers of a real Ray cluster; one for all tests here."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
import pytest

from corpus.errors import IndexFailure, UsageError
from corpus.sandbox import ReadJob, shared
from corpus.shelf import Shelf
from index import cluster_begin
from index.cluster import BATCH, WAITING, Cluster, helped_by
from index.cluster_ray import ray_crew
from index.embed import Vectors
from index.index import Index

from .. import fakes
from ..fakes import BagOfStems
from ..waiting import BUSY

cluster_begin.prepare("ray")
ray = pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3 * BUSY)]  # Ray starts with the first


class Deadly(BagOfStems):
    """Dies of one word, as often as it is met; ``slow`` takes its time for each text."""

    def __init__(self, slow: float = 0.0) -> None:
        super().__init__()
        self._slow = slow

    def embed(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        if any("poison" in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self._slow * len(texts))
        return super().embed(texts)


class Held(BagOfStems):
    """Takes two seconds for a text with one word, and none for others."""

    def embed(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        if any("glacier" in text for text in texts):
            time.sleep(2)
        return super().embed(texts)


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    ray.cloudpickle.register_pickle_by_value(fakes)
    cluster_begin.begin(ray, "ray", 2)
    yield
    ray.shutdown()
    ray.cloudpickle.unregister_pickle_by_value(fakes)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "from"
    folder.mkdir()
    for number in range(40):
        text = f"# Report {number}\n\nThe dam number {number} holds {number} litres. It is old.\n"
        (folder / f"report-{number}.md").write_text(text)
    (folder / "report-3.md.meta.yaml").write_text("title: A title of its own\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (folder / "large.txt").write_text("word " * 10_000)
    return folder


def opened(root: Path, embedder: BagOfStems | None = None) -> Index:
    embedder = embedder or BagOfStems()
    (root / "documents").mkdir(parents=True, exist_ok=True)
    return Index(root / "var", Shelf(root / "documents"), embedder, max_bytes=20_000)


def held(index: Index) -> list[tuple[str, str, str, int]]:
    """Return what an index holds of each document."""
    return sorted((e.id, e.title, e.sha256, e.passages) for e in index.catalogue.entries())


def vectors(index: Index) -> list[float]:
    """Return what tells the vectors of two indexes apart, in the order of their passages."""
    found = index.search(index.prepare("Which dam holds 7 litres?"), k=100)
    return sorted(round(one.score, 5) for one in found)


def test_a_cluster_adds_what_the_readers_add(documents: Path, tmp_path: Path) -> None:
    with closing(opened(tmp_path / "plain")) as plain:
        expected = plain.add([documents])
        wanted = held(plain), vectors(plain)
    embedder = BagOfStems()
    index = opened(tmp_path / "other", embedder)
    with (
        closing(index),
        ray_crew("ray", BagOfStems, embedder) as crew,
        helped_by(Cluster(crew, shared())),
    ):
        done = index.add([documents])
        assert (held(index), vectors(index)) == wanted
        assert done.added == expected.added
        assert [(one.path, one.error) for one in done.failed] == [
            (one.path, one.error) for one in expected.failed
        ]
        assert embedder.embedded == [], "the owner embeds nothing but questions"
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
        assert os.environ["RAY_AUTH_MODE"] == "token"
        assert index.add([documents]).unchanged == 40
        # A sync by the cluster: one file is changed, one is gone, one is new.
        folder = tmp_path / "other" / "documents" / "from"
        folder = folder if folder.is_dir() else folder.parent
        (folder / "report-1.md").write_text("# Report 1\n\nThe dam number 1 is gone.\n")
        (folder / "report-2.md").unlink()
        (folder / "report-new.md").write_text("# New\n\nThe dam number 99 is new.\n")
        synced = index.sync()
        assert [len(one) for one in (synced.added, synced.updated, synced.removed)] == [1, 1, 1]
        assert embedder.embedded == []


def test_a_cluster_of_this_machine_keeps_to_it_and_gets_its_share() -> None:
    with ray_crew("ray", BagOfStems, BagOfStems()) as crew:
        ours = psutil.Process()
        heard = {
            listening.laddr.ip
            for process in (ours, *ours.children(recursive=True))
            for listening in process.net_connections("inet")
            if listening.status == psutil.CONN_LISTEN
        }
        assert heard
        assert heard <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
        assert {psutil.Process(pid).nice() for pid in crew.pids()} == {ours.nice()}


def test_a_worker_that_is_killed_costs_nothing(documents: Path, tmp_path: Path) -> None:
    with (
        closing(opened(tmp_path / "home")) as index,
        ray_crew("ray", partial(Deadly, 0.004), BagOfStems()) as crew,
        helped_by(Cluster(crew, shared())),
    ):
        first = crew.pids()[0]
        killed: list[int] = []

        def kill(progress: object) -> None:
            if not killed:  # there is work left for it, as a third of the files was not sent yet
                killed.append(first)
                os.kill(first, signal.SIGKILL)

        done = index.add([documents], progress=kill)
        assert first not in crew.pids()
        assert len(done.added) == len(set(done.added)) == 40
        assert sorted(Path(one.path).name for one in done.failed) == ["broken.pdf", "large.txt"]
        assert len(held(index)) == 40
        assert not index.sync().added


def test_a_file_that_kills_its_worker_is_reported_and_the_rest_is_done(
    documents: Path, tmp_path: Path
) -> None:
    (documents / "report-20.md").write_text("# Report 20\n\nThe dam holds poison.\n")
    with (
        closing(opened(tmp_path / "home")) as index,
        ray_crew("ray", Deadly, BagOfStems()) as crew,
        helped_by(Cluster(crew, shared())),
    ):
        done = index.add([documents])
    assert len(done.added) == 39
    failed = {Path(one.path).name: one.error for one in done.failed}
    assert failed.keys() == {"broken.pdf", "large.txt", "report-20.md"}
    assert "is the most a document may have" in failed["large.txt"]
    assert "died twice" in failed["report-20.md"]


def test_no_more_than_a_little_is_under_way(documents: Path) -> None:
    """While the first file takes long, the other worker goes on, and stops at the limit."""
    (documents / "a.md").write_text("# A\n\nThe glacier moves slowly.\n")
    paths = [documents / "a.md", *sorted(documents.glob("report*.md")) * 5]
    taken: list[Path] = []

    def jobs() -> Iterator[ReadJob]:
        for path in paths:
            taken.append(path)
            yield ReadJob(path, documents)

    with ray_crew("ray", Held, Held()) as crew:
        results = Cluster(crew, shared()).read_many(jobs())
        for asked in range(1, 51):
            job, _ = next(results)
            assert job.path == paths[asked - 1]
            assert len(taken) - asked <= WAITING * crew.size
            assert asked > 1 or len(taken) > BATCH * crew.size, "the other worker waited"
        results.close()


def test_a_cluster_with_another_model_is_refused() -> None:
    class Other(BagOfStems):
        fingerprint = "another"

    with (
        pytest.raises(IndexFailure, match="has another model"),
        ray_crew("ray", BagOfStems, Other()),
    ):
        pass


def test_addresses_that_are_none_are_told() -> None:
    with (
        pytest.raises(UsageError, match="is no cluster"),
        ray_crew("http://x", BagOfStems, BagOfStems()),
    ):
        pass
