"""Build the districts of a city, each in a process of its own: here, or on a Dask cluster.

A worker stages, checks and lays a version ready; it serves nothing and shows nothing. What was laid of
the same ledgers by the same software is not laid again, so that a worker killed at any moment is
simply tried again: half a version is cleared by the next, a whole one is found.
"""

import hashlib
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pyarrow as pa

from chunshui import child_process, pipeline
from chunshui.catalogue.fill import WORKERS
from chunshui.child_process import ChildLostError
from chunshui.city.edition import City
from chunshui.errors import ChunshuiError
from chunshui.ledgers.read import labelled_files
from chunshui.pipeline import IntakeOptions, values
from chunshui.pipeline.intake import LONGEST_SECONDS
from chunshui.warehouse import Manifest, Store, durable, software
from chunshui.warehouse.publish import Progress, silent
from chunshui.warehouse.reader import MEMORY_VARIABLE

BY = "全市建库"
LOST = "建库的进程几次异常中止，多半是内存不足。请减少 --workers，或关闭其他程序后再运行一次。"
GONE = "与调度器断开了。已建成的版本都在，请查看调度器后再运行一次。"
RETRIES = 2  # of a district whose worker was killed
SECONDS = 2 * LONGEST_SECONDS  # a build ends itself before; then its values are exported
GIB = 1 << 30
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What a worker is told: a district of a city, how its ledgers are taken, by which software."""

    root: Path
    district: str
    options: IntakeOptions
    made_with: tuple[tuple[str, str], ...]
    at_once: int = WORKERS  # metrics


@dataclass(frozen=True)
class Laid:
    """What became of a district: its version, or in Chinese why there is none."""

    district: str
    version: str | None = None
    figures: str | None = None
    again: bool = False  # it was there before
    seconds: float = 0.0
    peak_mib: int = 0  # of the worker until then
    fault: str | None = None


Work = Callable[..., Laid]  # of an Order, as `lay`
Told = Callable[[Laid], None]


def build(
    city: City,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    options: IntakeOptions = IntakeOptions(),  # noqa: B008 - frozen
    work: Work | None = None,
    told: Told = lambda laid: None,
) -> list[Laid]:
    """Lay a version of every district that has changed, those with most to read first.

    Args:
        city: Whose districts; the ledgers of each are in its folder `ledgers`.
        workers: Processes on this machine; with one everything is done in this process.
        scheduler: Where a Dask scheduler listens, tcp://…; its workers see the same folder.
        options: How ledgers are taken.
        work: What is done for a district, `lay`.
        told: Called with each district when it is done.

    Returns what became of each district, in the order of codes. Raises ChunshuiError where no
    worker can be had.
    """
    made_with = tuple(sorted(software.describe().items()))
    cores = 1 if scheduler else (os.cpu_count() or 1) // workers  # of each worker
    at_once = max(1, min(WORKERS, cores))
    orders = [Order(city.root, code, options, made_with, at_once) for code in city.codes()]
    orders.sort(key=lambda one: -sum(path.stat().st_size for path, _ in _ledgers(one)))
    work = work or lay
    found: Iterable[Laid]
    if scheduler:
        found = _on_dask(orders, work, scheduler)
    elif workers > 1:
        found = _in_processes(orders, work, workers)
    else:
        found = map(work, orders)
    laid = []
    for one in found:
        told(one)
        laid.append(one)
    return sorted(laid, key=lambda one: one.district)


def lay(order: Order, *, progress: Progress = silent) -> Laid:
    """Lay the version of a district's ledgers ready, unless it is; export what a city needs of it."""
    started = time.perf_counter()
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps what was read
    try:
        if dict(order.made_with) != software.describe():
            raise ChunshuiError(
                "这台机器上的 chunshui 或 DuckDB 与发起建库的机器不是同一版本。请装成同一版本。"
            )
        with durable.disk_in_words():
            store = City(order.root).store(order.district)
            inputs = _inputs(order)
            made = _laid(store, inputs)
            manifest = made or pipeline.build(
                order.root / "districts" / order.district / "ledgers",
                store=store,
                note=BY,
                by=BY,
                progress=progress,
                options=order.options,
                inputs=inputs,
                at_once=order.at_once,
            )
            found = values.export(store, manifest.version)
    except ChunshuiError as error:
        return Laid(order.district, fault=str(error))
    except Exception as error:  # one district's must not stop the others
        LOG.exception("district %s", order.district)
        return Laid(order.district, fault=f"异常中止（{type(error).__name__}），详见日志。")
    took = round(time.perf_counter() - started, 1)
    again = made is not None
    return Laid(order.district, manifest.version, found.figures, again, took, peak_mib())


def peak_mib(process: int | str = "self") -> int:
    """Return the most memory that a process, this one, held; 0 where the system does not say.

    Not ru_maxrss, which begins with that of the process it was forked from.
    """
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return 0


def _ledgers(order: Order) -> list[tuple[Path, str]]:
    folder = order.root / "districts" / order.district / "ledgers"
    return labelled_files(folder) if folder.is_dir() else []


def _inputs(order: Order) -> str:
    """Return a digest of all that decides what is laid: software, ledgers, how they are taken."""
    files = _ledgers(order)
    if not files:
        raise ChunshuiError(
            f"{order.root / 'districts' / order.district} 里没有 ledgers 文件夹，或里面没有台账。"
            "请把这个区的台账放进去。"
        )
    parts = [repr(order.made_with), repr(order.options)]
    parts += [f"{label} {values.digest(path)}" for path, label in files]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _laid(store: Store, inputs: str) -> Manifest | None:
    """Return the version laid last, if it is of the same inputs and whole; what stays is of the one served.

    One laid before that is made anew: of a district an edition takes what was laid last.
    """
    served = store.pointer()
    bases = (None, served and served.version)
    last = next((one for one in reversed(store.versions()) if one.inputs), None)
    same = last and last.inputs == inputs and last.base in bases
    return last if last and same and store.fault(last.version) is None else None


def _in_processes(orders: Sequence[Order], work: Work, workers: int) -> Iterator[Laid]:
    """Do orders, some at a time, each in a process of its own, which gives back all memory it took."""
    interrupted = threading.Event()

    def go_on(step: str, share: float) -> None:
        if interrupted.is_set():
            raise CancelledError

    with _memory_shared(workers), ThreadPoolExecutor(workers) as threads:
        futures = [threads.submit(_in_process, work, one, go_on) for one in orders]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            interrupted.set()
            threads.shutdown(cancel_futures=True)


def _in_process(work: Work, order: Order, progress: Progress) -> Laid:
    """Do an order in a new process, and again in another where that one was killed."""
    for _ in range(1 + RETRIES):
        with suppress(ChildLostError):
            return child_process.call(work, order, progress=progress, seconds=SECONDS)
    return Laid(order.district, fault=LOST)


@contextmanager
def _memory_shared(workers: int) -> Iterator[None]:
    """Let each worker's engine take an equal part of half the memory, at most what one alone may."""
    if MEMORY_VARIABLE in os.environ:
        yield
        return
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    os.environ[MEMORY_VARIABLE] = f"{min(2 * GIB, whole // 2 // workers) // (1 << 20)}MiB"
    try:
        yield
    finally:
        del os.environ[MEMORY_VARIABLE]


def _on_dask(orders: Sequence[Order], work: Work, scheduler: str) -> Iterator[Laid]:
    """Do orders on a cluster, which tries those again whose worker was lost."""
    try:
        distributed = import_module("distributed")  # an extra: no district needs it
    except ImportError:
        raise ChunshuiError(
            "没有安装 Dask。请先运行 pip install -r requirements-city.txt；"
            "只用这一台机器的，不写 --scheduler，用 --workers。"
        ) from None
    # What was lost is told in words. The client's logger has a level of its own.
    for name in ("distributed", "distributed.client", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(scheduler, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise ChunshuiError(
            f"连不上调度器 {scheduler}。请核对地址（形如 tcp://10.0.0.5:8786），"
            "并先运行 dask scheduler 和 dask worker。"
        ) from error
    with client:
        futures = {
            client.submit(  # a worker that has a child do it stays small
                child_process.relay,
                child_process.request(work, order),
                seconds=SECONDS,
                key=f"lay-{order.district}-{uuid.uuid4().hex}",
                retries=RETRIES,
            ): order
            for order in orders
        }
        for future in distributed.as_completed(futures):
            wrong = future.exception() if future.status == "error" else None
            if future.status == "finished":
                yield child_process.opened(future.result())
            elif isinstance(wrong, distributed.KilledWorker | ChildLostError):
                yield Laid(futures[future].district, fault=LOST)
            else:
                if wrong:
                    LOG.error("district %s: %r", futures[future].district, wrong)
                yield Laid(futures[future].district, fault=GONE)
