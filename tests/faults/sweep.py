"""Kill the writer of versions with SIGKILL at every line it executes; look at what it leaves.

    python -m tests.faults.sweep [发布 …] [--every 1] [--repeats] [--random 100] [--pipeline 40]

One process imports everything and forks: for each trial a child that works on a copy of a small
store, counts the lines of chunshui/warehouse it executes and dies at one of them, and another that
looks at what was left (`look`). The parent never opens DuckDB, so forking is safe. Each line that a
writing act executes has a trial the first and the last time it is executed; with --repeats every
time (the count of rows goes through the same lines once a table); with --every n each nth of these.
--random kills a publish at random moments from outside. --pipeline kills the whole way from ledgers
to a published version at so many of its lines, spread evenly over all of chunshui.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import chunshui
from chunshui import pipeline, warehouse
from chunshui.warehouse import Store, publish
from tests.warehouse import small

WAREHOUSE = str(Path(warehouse.__file__).parent)
PACKAGE = str(Path(chunshui.__file__).parent)
OLD, SERVED, NEW, NEXT = 2, 3, 7, 9  # stations in v000001, v000002 (served), the new one, the next


def _fill(store: Store, stations: int) -> Callable:
    """A build that also keeps a ledger file, as the pipeline does."""
    ledger = store.root.parent / f"{stations}.xlsx"
    ledger.write_bytes(bytes([stations]) * 4096)

    def fill(con):
        publish.keep(store, ledger)
        return small.build(small.frames(stations=stations))(con)

    return fill


def _publish(store: Store, stations: int = NEW) -> None:
    publish.build(store, _fill(store, stations), serve=True, note="扫描", by="管理员")


def _build(store: Store) -> None:
    publish.build(store, _fill(store, NEW), note="扫描", by="管理员")


def _pipeline(store: Store) -> None:
    ledgers = store.root.parent / "ledgers"
    pipeline.build(ledgers, store=store, serve=True, note="扫描", by="管理员")


# What is done, what had been done before it, and how many stations are served afterwards.
ACTS: dict[str, tuple[Callable, Callable, int]] = {
    "发布": (_publish, lambda store: None, NEW),
    "发布已建成的": (lambda store: publish.serve(store, "v000003", by="管理员"), _build, NEW),
    "撤掉已建成的": (lambda store: publish.discard(store, "v000003", by="管理员"), _build, SERVED),
    "回退": (lambda store: publish.undo(store, by="管理员"), lambda store: None, OLD),
}


@dataclass
class Trial:
    """One act on copies of one store."""

    name: str
    base: Path
    act: Callable
    after: int
    files: str = WAREHOUSE
    seen: list[int] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The lines that the act executes when nobody kills it, in their order."""
        return json.loads(self._forked(lambda store: json.dumps(self._run(store))))

    def kill_at(self, line: str, time_: int) -> None:
        """Kill the act when it executes a line for the nth time, and look at what it left."""
        with self._copy() as work:
            ended = _fork(lambda: self._run(Store(work / "versions"), line, time_))[0]
            if ended != -signal.SIGKILL:
                raise AssertionError(f"{self.name}: {line} was not reached {time_} times ({ended})")
            self._look(work)

    def kill_after(self, seconds: float) -> bool:
        """Kill the act from outside; say whether it was still running."""
        with self._copy() as work:
            pid = os.fork()
            if pid == 0:
                os.setpgid(0, 0)
                self.act(Store(work / "versions"))
                os._exit(0)
            time.sleep(seconds)
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._look(work)
            return os.waitstatus_to_exitcode(status) == -signal.SIGKILL

    def seconds(self) -> float:
        """How long the act takes."""
        started = time.perf_counter()
        self._forked(self.act)
        return time.perf_counter() - started

    def _copy(self):
        class Copy(tempfile.TemporaryDirectory):
            def __enter__(inner):  # noqa: N805
                work = Path(super().__enter__()) / "data"
                shutil.copytree(self.base, work)
                return work

        return Copy(dir=self.base.parent)

    def _forked(self, work: Callable) -> str:
        with self._copy() as copy:
            ended, said = _fork(lambda: work(Store(copy / "versions")))
        if ended:
            raise AssertionError(f"{self.name}: ended with {ended}")
        return said

    def _run(self, store: Store, deadly: str = "", time_: int = 0) -> list[str]:
        """Do the act, dying when that line runs for the nth time; return the lines that ran."""
        ran: list[str] = []
        met = 0

        def count(frame, event, argument):
            nonlocal met
            if event == "line":
                line = f"{frame.f_code.co_filename}:{frame.f_lineno}"
                ran.append(line)
                met += line == deadly
                if line == deadly and met == time_:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        def watch(frame, event, argument):
            return count if frame.f_code.co_filename.startswith(self.files) else None

        sys.settrace(watch)
        self.act(store)
        sys.settrace(None)
        return ran

    def _look(self, work: Path) -> None:
        ended, said = _fork(lambda: look(work, self.base))
        if ended:
            raise AssertionError(f"{self.name}: what was left is not whole")
        self.seen.append(int(said))


def look(work: Path, base: Path) -> int:
    """Hold what a killed act left to what must be true; return the number of stations served."""
    store = Store(work / "versions")
    served = stations(store)
    pointed = store.current().version
    _whole(store, base)
    assert all(entry.effective or entry.version != pointed for entry in store.history())
    _publish(store, NEXT)
    assert stations(store) == NEXT, "the next publish works"
    _whole(store, base)
    published = [entry.version for entry in store.history() if entry.action == "发布"]
    assert len(published) == len(set(published)), "no version is published over another"
    assert list((store.root / "staging").iterdir()) == []
    assert list(store.root.glob(".CURRENT.*")) == []
    publish.undo(store, by="管理员")
    assert stations(store) == served, "what was served before is there again"
    return served


def stations(store: Store) -> int:
    """How many stations a reader sees now."""
    with store.open() as reader:
        assert reader.warning is None
        found = reader.query("warehouse/row_count", table="station")["row_count"].iloc[0]
        return int(found)


def _whole(store: Store, base: Path) -> None:
    """What was published is as it was, and whatever has a manifest is whole."""
    for path in (base / "versions" / "versions").glob("v00000[12].*"):
        assert (store.root / "versions" / path.name).read_bytes() == path.read_bytes()
    for kept in (base / "versions" / "files").iterdir():
        assert (store.root / "files" / kept.name).read_bytes() == kept.read_bytes()
    for manifest in store.versions():
        assert store.fault(manifest.version) is None


def _fork(work: Callable) -> tuple[int, str]:
    """Do something in a child; return how it ended and what it returned, as text."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with os.fdopen(theirs, "w") as out:
                out.write(str(work()))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as said:
        text = said.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), text


def trial(name: str, folder: Path) -> Trial:
    """Prepare the store that an act is tried on: two versions published, the second served."""
    act, before, after = ACTS[name]
    base = folder / name / "data"
    base.mkdir(parents=True)
    store = Store(base / "versions")

    def prepare():
        _publish(store, OLD)
        _publish(store, SERVED)
        before(store)

    if _fork(prepare)[0]:
        raise AssertionError("the store could not be made")
    return Trial(name, base, act, after)


def whole_way(folder: Path) -> Trial:
    """The pipeline on small ledgers: its lines are those of all of chunshui."""
    base = trial("发布", folder / "ledgers").base
    small.ledgers(base / "ledgers", station=_rows("station", NEW))
    return Trial("台账到发布", base, _pipeline, NEW, PACKAGE)


def _rows(name: str, count: int):
    return small.frames(stations=count)[name].drop(columns=["source_id", "source_row"])


def moments(lines: list[str], repeats: bool = True) -> list[tuple[str, int]]:
    """Each execution of a line as (line, nth time); without `repeats` its first and last only."""
    times: Counter = Counter()
    found = []
    for line in lines:
        times[line] += 1
        found.append((line, times[line]))
    return [one for one in found if repeats or one[1] in (1, times[one[0]])]


def sweep(tried: Trial, chosen: list[tuple[str, int]]) -> dict:
    """Kill an act at some moments, in their order; return the counts."""
    for moment in chosen:
        tried.kill_at(*moment)
    seen = tried.seen
    before = SERVED
    assert set(seen) <= {before, tried.after}
    turned = next((at for at, one in enumerate(seen) if one != before), len(seen))
    assert seen[turned:] == [tried.after] * (len(seen) - turned), "old up to one line, new after it"
    return {"act": tried.name, "kills": len(seen), "old": turned, "new": len(seen) - turned}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("acts", nargs="*", metavar="发布")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--repeats", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--pipeline", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in given.acts or ACTS:
            tried = trial(name, Path(folder))
            lines = tried.lines()
            chosen = moments(lines, given.repeats)
            last = chosen[-1:] if (len(chosen) - 1) % given.every else []
            done = sweep(tried, chosen[:: given.every] + last)
            _say({**done, "lines": len(set(lines)), "executed": len(lines)})
        if given.random:
            tried = trial("发布", Path(folder) / "random")
            longest, generator = tried.seconds(), random.Random(6)
            running = sum(
                tried.kill_after(generator.uniform(0, longest)) for _ in range(given.random)
            )
            done = {"act": "随机时刻", "kills": given.random, "running": running}
            counts = {"old": tried.seen.count(SERVED), "new": tried.seen.count(NEW)}
            _say(done | counts)
        if given.pipeline:
            tried = whole_way(Path(folder))
            chosen = moments(tried.lines())
            step = max(len(chosen) // given.pipeline, 1)
            done = sweep(tried, chosen[::step])
            _say({**done, "executed": len(chosen), "each": step})


def _say(counts: dict) -> None:
    print(json.dumps(counts, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
