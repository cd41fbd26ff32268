"""HTTP on 127.0.0.1: routes, bodies, errors and clients that go away. What the routes say is in replies.py."""

from __future__ import annotations

import json
import queue
import re
import select
import socket
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from . import log
from .arguments import Dialect, Launch
from .errors import RunnerError
from .generation import Generation, Result
from .replies import Answer, Replies
from .worker import Job, Worker, unexpected

_MAX_BODY = 64 << 20
_PORT = re.compile(r":\d+$")
_HOSTS = {"127.0.0.1", "localhost", "[::1]"}
# How often a client is looked after while a token is computed, which takes seconds.
_LOOK = 0.1


class Server(ThreadingHTTPServer):
    """Answers /health while the model loads and while it computes."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, launch: Launch, worker: Worker) -> None:
        self.worker = worker
        self.replies = Replies(launch, worker)
        self.dialect = launch.dialect
        super().__init__(("127.0.0.1", launch.port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The library's own prints a traceback; a connection that broke is not worth one."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "airllm"
    sys_version = ""
    timeout = 60
    server: Server
    routes: ClassVar[Mapping[tuple[str, str], str]] = {
        ("GET", "/health"): "health",
        ("GET", "/v1/health"): "health",
        ("GET", "/props"): "props",
        ("GET", "/models"): "models",
        ("GET", "/v1/models"): "models",
        ("POST", "/tokenize"): "tokenize",
        ("POST", "/detokenize"): "detokenize",
        ("POST", "/apply-template"): "apply_template",
        ("POST", "/embedding"): "embedding",
        ("POST", "/embeddings"): "embedding",
        ("POST", "/v1/embeddings"): "embedding",
    }
    generations: ClassVar[Mapping[str, str]] = {
        "/completion": "completion",
        "/completions": "completion",
        "/v1/completions": "text_completion",
        "/chat/completions": "chat",
        "/v1/chat/completions": "chat",
    }

    def do_GET(self) -> None:
        """The library's name for it."""
        self._answer()

    def do_POST(self) -> None:
        """The library's name for it."""
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Ollama asks for /health four times a second; nobody wants that in a log."""

    def _answer(self) -> None:
        try:
            self._route()
        except RunnerError as problem:
            self._refuse(problem)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        except Exception as problem:
            self._refuse(unexpected("the request failed", problem))

    def _route(self) -> None:
        host = self.headers.get("Host", "127.0.0.1")
        if _PORT.sub("", host) not in _HOSTS:
            # A page in the user's browser could otherwise ask under a name of its own that leads here.
            self.close_connection = True
            raise RunnerError("this server is asked as 127.0.0.1 or localhost only", 403)
        path = self.path.partition("?")[0]
        body = self._body() if self.command == "POST" else {}
        replies = self.server.replies
        if self.command == "POST" and path in self.generations:
            self._generate(getattr(replies, self.generations[path])(body))
            return
        name = self.routes.get((self.command, path))
        if name is None:
            raise RunnerError(f"{self.command} {path}: there is no such route", 404)
        reply: Callable[[Mapping[str, Any]], tuple[int, Mapping[str, Any]]] = getattr(replies, name)
        self._send(*reply(body))

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > _MAX_BODY:
            self.close_connection = True
            raise RunnerError(f"a body of at most {_MAX_BODY} bytes, with its length in Content-Length", 411)
        raw = self.rfile.read(int(length))
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise RunnerError("the body is no JSON", 400) from None
        if not isinstance(body, dict):
            raise RunnerError("the body is no JSON object", 400)
        return body

    def _generate(self, answer: Answer) -> None:
        wish = answer.wish
        job = Job(Generation(self.server.worker.ready(), answer.prompt, wish))
        self.server.worker.add(job)
        try:
            if wish.stream:
                self._stream(job, answer)
            else:
                self._whole(job, answer)
        finally:
            # Wherever this ends, the model must not compute for nobody.
            job.gone.set()

    def _whole(self, job: Job, answer: Answer) -> None:
        text: list[str] = []
        for event in self._events(job):
            if isinstance(event, Result):
                self._send(200, answer.whole("".join(text), event))
                return
            text.append(event)

    def _stream(self, job: Job, answer: Answer) -> None:
        events = self._events(job)
        # The first event is waited for: until then, a refusal can still be a status.
        first = next(events, None)
        if first is None:
            return
        self.send_response(200)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event in _with(first, events):
                lines = answer.last(event) if isinstance(event, Result) else answer.piece(event)
                for line in lines:
                    self._chunk(line)
        except RunnerError as problem:
            # The answer has begun. Ollama takes a broken line for a failed runner, and the log has the reason.
            log.fatal(problem.message)
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def _events(self, job: Job) -> Iterator[str | Result]:
        while True:
            try:
                event = job.events.get(timeout=_LOOK)
            except queue.Empty:
                if self._client_left():
                    self.close_connection = True
                    return
                continue
            if isinstance(event, RunnerError):
                raise event
            yield event
            if isinstance(event, Result):
                return

    def _client_left(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        if not readable:
            return False
        try:
            return len(self.connection.recv(1, socket.MSG_PEEK)) == 0
        except OSError:
            return True

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _refuse(self, problem: RunnerError) -> None:
        if self.server.dialect is Dialect.OLLAMA_RUNNER:
            # Ollama puts the body of such an answer into its own {"error": …}.
            data, kind = problem.message.encode(), "text/plain; charset=utf-8"
        else:
            data, kind = json.dumps(_error(problem)).encode(), "application/json"
        try:
            self._raw(problem.status, data, kind)
        except OSError:
            self.close_connection = True

    def _send(self, status: int, value: Mapping[str, Any]) -> None:
        self._raw(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _raw(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _with(first: str | Result, rest: Iterator[str | Result]) -> Iterator[str | Result]:
    yield first
    if not isinstance(first, Result):
        yield from rest


def _error(problem: RunnerError) -> dict[str, Any]:
    kinds = {400: "invalid_request_error", 404: "not_found_error", 501: "not_supported_error", 503: "unavailable_error"}
    kind = kinds.get(problem.status, "server_error")
    return {"error": {"code": problem.status, "message": problem.message, "type": kind}}
