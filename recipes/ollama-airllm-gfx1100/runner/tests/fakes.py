"""A model without weights, and the servers and files that several tests need."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from ollama_airllm.arguments import Dialect, Launch
from ollama_airllm.cost import Cost
from ollama_airllm.engine import CancelledError
from ollama_airllm.request import Sampling
from ollama_airllm.server import Server
from ollama_airllm.settings import Settings
from ollama_airllm.worker import Worker

END = 0x110000


class FakeEngine:
    """Each character is a token. Answers what it is told to, as slowly as it is told to."""

    def __init__(self, answer: str = "hello world", delay: float = 0.0, context: int = 64) -> None:
        self.answer = answer
        self.delay = delay
        self.name = "fake"
        self.context = context
        self.cost = Cost(1 << 30, 1e9)
        self.ends = frozenset({END})
        self.samplings: list[Sampling] = []
        self.running = 0
        self.most = 0
        self.given = 0
        self.cancelled = threading.Event()

    def encode(self, text: str, begin: bool) -> list[int]:
        """Characters."""
        return ([1] if begin else []) + [ord(c) for c in text]

    def decode(self, tokens: Sequence[int]) -> str:
        """Characters."""
        return "".join(chr(t) for t in tokens if t not in {1, END})

    def chat(self, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
        """Role and content."""
        return "".join(f"<{m['role']}>{m['content']}" for m in messages) + "".join(sorted(options))

    def generate(
        self,
        prompt: Sequence[int],
        sampling: Sampling,
        limit: int,
        on_token: Callable[[int], bool],
        cancelled: Callable[[], bool],
    ) -> None:
        """Gives the answer and its end."""
        del prompt, limit
        self.samplings.append(sampling)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for token in [*(ord(c) for c in self.answer), END]:
                until = time.monotonic() + self.delay
                while True:
                    if cancelled():
                        self.cancelled.set()
                        raise CancelledError
                    if time.monotonic() >= until:
                        break
                    time.sleep(0.005)
                self.given += 1
                if not on_token(token):
                    return
        finally:
            self.running -= 1


def launch(dialect: Dialect, context: int = 64) -> Launch:
    """A command line on a free port."""
    return Launch(dialect, None, context, 0, 1, 0, (), ())


@contextmanager
def serving(
    load: Callable[[Callable[[float], None]], FakeEngine], dialect: Dialect, waiting: int = 4, ready: bool = True
) -> Iterator[Server]:
    """A server on a free port."""
    worker = Worker(load, waiting)
    server = Server(launch(dialect), worker)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    worker.start()
    if ready:
        worker.finished.wait(5)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(server: Server, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, str, bytes]:
    """Status, type and body of an answer."""
    connection, response = send(server, path, body)
    data = response.read()
    connection.close()
    return response.status, response.getheader("Content-Type", ""), data


def send(server: Server, path: str, body: Mapping[str, Any] | None = None) -> tuple[HTTPConnection, HTTPResponse]:
    """An answer that is still to be read."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    if body is None:
        connection.request("GET", path)
    else:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    return connection, connection.getresponse()


def settings(**environ: str) -> Settings:
    """Settings of an environment that holds just these."""
    return Settings.read(environ)


def checkpoint(folder: Path, size: int = 100, **config: Any) -> Path:
    """A folder that looks like a checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", **config}), "utf-8")
    (folder / "model.safetensors").write_bytes(b"\0" * size)
    return folder
