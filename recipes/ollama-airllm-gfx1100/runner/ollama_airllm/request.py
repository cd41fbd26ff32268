"""A request's fields, checked. What AirLLM can't do is refused: an answer to another question would be worse."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import RunnerError

# Field, its name where it is refused, and the values that ask for nothing.
_REFUSED: tuple[tuple[str, str], ...] = (
    ("grammar", "a grammar (format: json, or a schema)"),
    ("json_schema", "a JSON schema"),
    ("image_data", "images"),
    ("mirostat", "mirostat"),
    ("n_probs", "probabilities of tokens"),
    ("logprobs", "probabilities of tokens"),
)


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen, in llama.cpp's words and with its defaults."""

    temperature: float = 0.8
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    typical_p: float = 1.0
    repeat_penalty: float = 1.0
    repeat_last_n: int = 64
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int = -1


@dataclass(frozen=True)
class Wish:
    """What a client wants of one generation."""

    sampling: Sampling
    limit: int
    stops: tuple[str, ...]
    stream: bool


def read_wish(body: Mapping[str, Any], stream_by_default: bool) -> Wish:
    """Reads the fields that /completion and /v1/chat/completions share."""
    for field, name in _REFUSED:
        if body.get(field):
            raise RunnerError(f"{name}: AirLLM's runner can't do that", 400)
    form = body.get("response_format")
    if isinstance(form, dict) and form.get("type", "text") != "text":
        raise RunnerError("response_format other than text: AirLLM's runner can't do that", 400)
    if number(body, "n", 1) != 1:
        raise RunnerError("n: one answer at a time", 400)
    defaults = Sampling()
    sampling = Sampling(
        temperature=real(body, "temperature", defaults.temperature, 0, 100),
        top_k=number(body, "top_k", defaults.top_k),
        top_p=real(body, "top_p", defaults.top_p, 0, 1),
        min_p=real(body, "min_p", defaults.min_p, 0, 1),
        typical_p=real(body, "typical_p", defaults.typical_p, 0, 1),
        repeat_penalty=real(body, "repeat_penalty", defaults.repeat_penalty, 0, 100),
        repeat_last_n=number(body, "repeat_last_n", defaults.repeat_last_n),
        presence_penalty=real(body, "presence_penalty", defaults.presence_penalty, -100, 100),
        frequency_penalty=real(body, "frequency_penalty", defaults.frequency_penalty, -100, 100),
        seed=number(body, "seed", defaults.seed),
    )
    limit = -1
    for name in ("n_predict", "max_completion_tokens", "max_tokens"):
        limit = number(body, name, limit)
    return Wish(sampling, limit, _stops(body), bool(body.get("stream", stream_by_default)))


def number(body: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number; null is as good as nothing."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value != int(value):
        raise RunnerError(f"{name}: a whole number", 400)
    return int(value)


def real(body: Mapping[str, Any], name: str, default: float, low: float, high: float) -> float:
    """A number in bounds."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise RunnerError(f"{name}: a number from {low} to {high}", 400)
    return float(value)


def text(body: Mapping[str, Any], name: str) -> str:
    """A string that has to be there."""
    value = body.get(name)
    if not isinstance(value, str):
        raise RunnerError(f"{name}: a string", 400)
    return value


def tokens(body: Mapping[str, Any], name: str) -> list[int]:
    """A list of token numbers."""
    value = body.get(name)
    if not isinstance(value, list) or any(isinstance(v, bool) or not isinstance(v, int) or v < 0 for v in value):
        raise RunnerError(f"{name}: a list of token numbers", 400)
    return list(value)


def _stops(body: Mapping[str, Any]) -> tuple[str, ...]:
    value = body.get("stop") or []
    stops = [value] if isinstance(value, str) else value
    if not isinstance(stops, list) or any(not isinstance(stop, str) for stop in stops):
        raise RunnerError("stop: a string or a list of strings", 400)
    return tuple(stop for stop in stops if stop)
