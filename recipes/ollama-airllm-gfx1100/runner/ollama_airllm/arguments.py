"""The command lines that Ollama starts a runner with: 0.5.7's own runner, and llama-server since 0.30."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from .errors import RunnerError

_NUMBER = re.compile(r"-?\d+")
_FLAGS = {
    "--model": "model",
    "-m": "model",
    "--ctx-size": "context",
    "-c": "context",
    "--port": "port",
    "--host": "host",
    "--parallel": "parallel",
    "-np": "parallel",
    "--n-gpu-layers": "gpu_layers",
    "--gpu-layers": "gpu_layers",
    "-ngl": "gpu_layers",
}
# These change what the model answers, so they are not passed over.
_REFUSED = {
    "--lora": "adapters (LoRA)",
    "--mmproj": "images",
    "--embedding": "embeddings",
    "--embeddings": "embeddings",
}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Dialect(Enum):
    """Who asks: Ollama 0.5.7 and its like, or a client of llama-server."""

    OLLAMA_RUNNER = "runner"
    LLAMA_SERVER = "llama-server"


@dataclass(frozen=True)
class Launch:
    """What a command line says, as far as AirLLM has a use for it."""

    dialect: Dialect
    model: Path | None
    context: int
    port: int
    parallel: int
    gpu_layers: int
    refused: tuple[str, ...]
    ignored: tuple[str, ...]


def parse(argv: Sequence[str]) -> Launch:
    """Reads a command line. A flag that is unknown is passed over with its value: each version of Ollama has its own."""
    dialect = Dialect.OLLAMA_RUNNER if list(argv[:1]) == ["runner"] else Dialect.LLAMA_SERVER
    values: dict[str, str] = {}
    refused: list[str] = []
    ignored: list[str] = []
    rest = list(argv[1:] if dialect is Dialect.OLLAMA_RUNNER else argv)
    while rest:
        flag, _, value = rest.pop(0).partition("=")
        while rest and _is_value(rest[0]):
            # Some flags have several values; of those that are read here, each has one.
            value = value or rest[0]
            del rest[0]
        if flag in _REFUSED:
            refused.append(_REFUSED[flag])
        elif flag in _FLAGS:
            values[_FLAGS[flag]] = value
        else:
            ignored.append(flag)
    if values.get("host", "127.0.0.1") not in _LOOPBACK:
        raise RunnerError(f"--host {values['host']}: this runner has no password, so it listens on 127.0.0.1 only")
    context = _number(values, "context", 4096)
    parallel = max(1, _number(values, "parallel", 1))
    return Launch(
        dialect,
        Path(values["model"]) if values.get("model") else None,
        # llama-server is given the sum of all slots; here one request runs at a time and has one slot's share.
        max(1, context // parallel),
        _number(values, "port", 8080),
        parallel,
        _number(values, "gpu_layers", 0),
        tuple(refused),
        tuple(ignored),
    )


def _is_value(text: str) -> bool:
    return not text.startswith("-") or _NUMBER.fullmatch(text) is not None


def _number(values: dict[str, str], name: str, default: int) -> int:
    text = values.get(name, "")
    if not text:
        return default
    if not _NUMBER.fullmatch(text) or len(text) > 10:
        raise RunnerError(f"'{text}' is no number for {name}")
    return int(text)
