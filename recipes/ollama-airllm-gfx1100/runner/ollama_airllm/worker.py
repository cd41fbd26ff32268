"""The model's state and its queue: one generation runs at a time, the others wait in the order they came."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from . import log
from .engine import CancelledError, Engine
from .errors import RunnerError
from .generation import Generation, Result


@dataclass
class Job:
    """A generation and what it has said so far: pieces of text, then its result or why there is none."""

    generation: Generation
    events: queue.Queue[str | Result | RunnerError] = field(default_factory=queue.Queue)
    gone: threading.Event = field(default_factory=threading.Event)


class Worker:
    """Owns the thread in which the model is loaded and used; PyTorch is not asked to share it between two."""

    def __init__(self, load: Callable[[Callable[[float], None]], Engine], waiting: int) -> None:
        self._load = load
        self._jobs: queue.Queue[Job | None] = queue.Queue(waiting)
        self._progress = 0.0
        self.engine: Engine | None = None
        self.failure: RunnerError | None = None
        self.finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)

    @property
    def progress(self) -> float:
        """From 0 to 1, and 1 only when the model is ready: Ollama waits five minutes from the last change."""
        return 1.0 if self.engine else min(self._progress, 0.99)

    def start(self) -> None:
        """Begins to load."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the job that runs."""
        self._jobs.put(None)

    def ready(self) -> Engine:
        """The model, or 503."""
        if self.failure:
            raise self.failure
        if self.engine is None:
            raise RunnerError("Loading model", 503)
        return self.engine

    def add(self, job: Job) -> None:
        """Puts a job at the end of the queue."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise RunnerError("too many requests wait for this model already (AIRLLM_QUEUE)", 503) from None

    def _run(self) -> None:
        try:
            self.engine = self._load(self._set_progress)
        except RunnerError as problem:
            self.failure = problem
        except Exception as problem:
            self.failure = unexpected("loading the model failed", problem)
        finally:
            self.finished.set()
        while self.engine is not None and (job := self._jobs.get()) is not None:
            if job.gone.is_set():
                log.info("a request was dropped before its turn: its client went away")
            else:
                _serve(job)

    def _set_progress(self, value: float) -> None:
        self._progress = max(self._progress, value)


def _serve(job: Job) -> None:
    try:
        job.events.put(job.generation.run(job.events.put, job.gone.is_set))
    except CancelledError:
        log.info(f"cancelled after {job.generation.result.tokens} tokens: the client went away")
    except RunnerError as problem:
        job.events.put(problem)
    except Exception as problem:
        job.events.put(unexpected("the model failed", problem))


def unexpected(what: str, problem: BaseException) -> RunnerError:
    """A sentence for the client; how it came to it goes to the log only."""
    import traceback  # noqa: PLC0415 - rarely needed

    for line in traceback.format_exception(problem):
        for part in line.rstrip().splitlines():
            log.info(part)
    text = " ".join(str(problem).split())[:300]
    return RunnerError(f"{what}: {type(problem).__name__}{': ' + text if text else ''}")
