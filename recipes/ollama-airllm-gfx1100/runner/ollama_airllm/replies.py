"""What each route answers, in the words of Ollama 0.5.7's runner and of llama-server."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .arguments import Dialect, Launch
from .errors import RunnerError
from .generation import Ending, Result
from .request import Wish, read_wish, text, tokens
from .worker import Worker

Reply = tuple[int, Mapping[str, Any]]
_NO_EMBEDDING = "embeddings: AirLLM's runner writes text only; take a model made for embeddings with the ordinary runner"


@dataclass(frozen=True)
class Answer:
    """A prompt to go on with, and how what comes is written down."""

    prompt: list[int]
    wish: Wish

    @property
    def content_type(self) -> str:
        """Of a stream."""
        return "text/event-stream"

    def piece(self, piece: str) -> list[bytes]:
        """Lines for a piece of text."""
        raise NotImplementedError

    def last(self, result: Result) -> list[bytes]:
        """Lines at the end."""
        raise NotImplementedError

    def whole(self, content: str, result: Result) -> dict[str, Any]:
        """Everything at once, when no stream is wanted."""
        raise NotImplementedError


@dataclass(frozen=True)
class _Completion(Answer):
    """/completion of both. Ollama 0.5.7's runner writes bare lines, llama-server events."""

    bare: bool

    @property
    def content_type(self) -> str:
        return "application/json" if self.bare else "text/event-stream"

    def piece(self, piece: str) -> list[bytes]:
        return [self._line({"content": piece, "stop": False})]

    def last(self, result: Result) -> list[bytes]:
        return [self._line(self._end("", result))]

    def whole(self, content: str, result: Result) -> dict[str, Any]:
        return self._end(content, result)

    def _line(self, value: Mapping[str, Any]) -> bytes:
        data = json.dumps(value, ensure_ascii=False)
        return f"{data}\n".encode() if self.bare else _event(value)

    @staticmethod
    def _end(content: str, result: Result) -> dict[str, Any]:
        return {
            "content": content,
            "stop": True,
            "stop_type": result.ending.value,
            "stopping_word": result.stop_word,
            "stopped_limit": result.ending is Ending.LIMIT,
            "tokens_evaluated": result.prompt_tokens,
            "tokens_predicted": result.tokens,
            "truncated": False,
            "timings": result.timings(),
        }


@dataclass(frozen=True)
class _Chat(Answer):
    """OpenAI's format, as llama-server writes it: for messages, or for text that is to be gone on with."""

    model: str
    ident: str
    chat: bool = True

    def piece(self, piece: str) -> list[bytes]:
        return [_event(self._value({"delta": {"content": piece}} if self.chat else {"text": piece}, None, ".chunk"))]

    def last(self, result: Result) -> list[bytes]:
        value = self._value({"delta": {}} if self.chat else {"text": ""}, result, ".chunk")
        return [_event(value), b"data: [DONE]\n\n"]

    def whole(self, content: str, result: Result) -> dict[str, Any]:
        message = {"message": {"role": "assistant", "content": content}}
        return self._value(message if self.chat else {"text": content}, result, "")

    def _value(self, choice: dict[str, Any], result: Result | None, suffix: str) -> dict[str, Any]:
        finish = None if result is None else "length" if result.ending is Ending.LIMIT else "stop"
        value: dict[str, Any] = {
            "choices": [{"index": 0, "finish_reason": finish, **choice}],
            "created": int(time.time()),
            "id": self.ident,
            "model": self.model,
            "object": f"chat.completion{suffix}" if self.chat else "text_completion",
        }
        if result is not None:
            value["usage"] = {
                "prompt_tokens": result.prompt_tokens,
                "completion_tokens": result.tokens,
                "total_tokens": result.prompt_tokens + result.tokens,
            }
            value["timings"] = result.timings()
        return value


class Replies:
    """One method for each route; those of generations give an Answer, the others status and JSON."""

    def __init__(self, launch: Launch, worker: Worker) -> None:
        self._launch = launch
        self._worker = worker
        self._count = itertools.count(1)

    def health(self, _: Mapping[str, Any]) -> Reply:
        """Ollama 0.5.7 reads the word and the progress, llama-server's clients the status."""
        worker, runner = self._worker, self._launch.dialect is Dialect.OLLAMA_RUNNER
        if worker.failure:
            raise worker.failure
        if worker.engine is not None:
            return 200, {"status": "ok", "progress": 1.0}
        loading = {"status": "loading model", "progress": round(worker.progress, 4)}
        if runner:
            return 200, loading
        return 503, {**loading, "error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}

    def props(self, _: Mapping[str, Any]) -> Reply:
        """What the model is, and what it costs."""
        engine = self._worker.ready()
        return 200, {
            "default_generation_settings": {"n_ctx": engine.context},
            "model_path": engine.name,
            "total_slots": 1,
            "airllm": {
                "bytes_per_token": engine.cost.token_bytes,
                "bytes_per_second": round(engine.cost.bytes_per_second),
                "seconds_per_token": round(engine.cost.seconds_per_token, 3),
            },
        }

    def models(self, _: Mapping[str, Any]) -> Reply:
        """The one model."""
        engine = self._worker.ready()
        meta = {"n_ctx_train": engine.context}
        model = {"id": engine.name, "object": "model", "created": 0, "owned_by": "airllm", "meta": meta}
        return 200, {"object": "list", "data": [model]}

    def tokenize(self, body: Mapping[str, Any]) -> Reply:
        """Text to tokens."""
        engine = self._worker.ready()
        return 200, {"tokens": engine.encode(text(body, "content"), bool(body.get("add_special", False)))}

    def detokenize(self, body: Mapping[str, Any]) -> Reply:
        """Tokens to text."""
        return 200, {"content": self._worker.ready().decode(tokens(body, "tokens"))}

    def apply_template(self, body: Mapping[str, Any]) -> Reply:
        """Messages to a prompt."""
        return 200, {"prompt": self._chat_prompt(body)}

    def embedding(self, _: Mapping[str, Any]) -> Reply:
        """Refused: the layers end in words, and Ollama would store whatever came."""
        raise RunnerError(_NO_EMBEDDING, 501)

    def completion(self, body: Mapping[str, Any]) -> Answer:
        """Ollama's own, and llama-server's."""
        bare = self._launch.dialect is Dialect.OLLAMA_RUNNER
        return _Completion(self._prompt(body), read_wish(body, bare), bare)

    def text_completion(self, body: Mapping[str, Any]) -> Answer:
        """OpenAI's older one."""
        prompt, wish = self._prompt(body), read_wish(body, False)
        return _Chat(prompt, wish, self._worker.ready().name, self._ident("cmpl"), False)

    def chat(self, body: Mapping[str, Any]) -> Answer:
        """OpenAI's."""
        engine = self._worker.ready()
        # The template wrote the first token already if there is one; encode never doubles it.
        prompt = engine.encode(self._chat_prompt(body), True)
        return _Chat(prompt, read_wish(body, False), engine.name, self._ident("chatcmpl"))

    def _prompt(self, body: Mapping[str, Any]) -> list[int]:
        engine = self._worker.ready()
        if isinstance(body.get("prompt"), list):
            return tokens(body, "prompt")
        return engine.encode(text(body, "prompt"), True)

    def _chat_prompt(self, body: Mapping[str, Any]) -> str:
        engine = self._worker.ready()
        if body.get("tools"):
            raise RunnerError("tools: AirLLM's runner does not read calls out of an answer; Ollama 0.5.7 does it itself", 400)
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
            raise RunnerError("messages: a list of objects with role and content", 400)
        options = body.get("chat_template_kwargs") or {}
        if not isinstance(options, dict):
            raise RunnerError("chat_template_kwargs: an object", 400)
        return engine.chat([_message(message) for message in messages], options)

    def _ident(self, kind: str) -> str:
        return f"{kind}-{next(self._count)}"


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    role, content = message.get("role"), message.get("content", "")
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict)]
        if len(parts) != len(content) or any(part.get("type") != "text" for part in parts):
            raise RunnerError("images and sound: AirLLM's runner reads text only", 400)
        content = "".join(str(part.get("text", "")) for part in parts)
    if not isinstance(role, str) or not isinstance(content, str | None):
        raise RunnerError("messages: role and content are strings", 400)
    return {**message, "role": role, "content": content or ""}


def _event(value: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
