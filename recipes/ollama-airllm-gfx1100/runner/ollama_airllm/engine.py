"""What the server needs of a model. AirLLM's is in airllm_engine.py; the tests have one without weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from .cost import Cost
from .request import Sampling


class CancelledError(Exception):
    """Nobody waits for the answer any more."""


class Engine(Protocol):
    """A model that is ready."""

    @property
    def name(self) -> str:
        """The checkpoint's."""

    @property
    def context(self) -> int:
        """Tokens of prompt and answer together."""

    @property
    def cost(self) -> Cost:
        """Of one token."""

    @property
    def ends(self) -> frozenset[int]:
        """Tokens that end an answer."""

    def encode(self, text: str, begin: bool) -> list[int]:
        """Tokens of a text; with the model's first token in front if `begin`, and never twice."""

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of tokens, of special ones too."""

    def chat(self, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
        """A prompt from messages, by the checkpoint's own template."""

    def generate(
        self,
        prompt: Sequence[int],
        sampling: Sampling,
        limit: int,
        on_token: Callable[[int], bool],
        cancelled: Callable[[], bool],
    ) -> None:
        """Calls on_token for each new token until it says False. Looks at `cancelled` between two layers."""
