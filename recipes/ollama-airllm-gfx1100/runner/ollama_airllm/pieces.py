"""Tokens to text, piece by piece: a token may be half a character, and a word's space may hang on the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_HALF = "\ufffd"


class Pieces:
    """Decodes a window of tokens twice, without and with the new one; the difference is the new one's text."""

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._tokens: list[int] = []
        self._from = 0
        self._read = 0

    def push(self, token: int) -> str:
        """The text that is whole now; empty while a character is not."""
        self._tokens.append(token)
        before = self._decode(self._tokens[self._from : self._read])
        after = self._decode(self._tokens[self._from :])
        if len(after) <= len(before) or after.endswith(_HALF):
            return ""
        self._from, self._read = self._read, len(self._tokens)
        return after[len(before) :]

    def flush(self) -> str:
        """What is left at the end, without half a character."""
        before = self._decode(self._tokens[self._from : self._read])
        after = self._decode(self._tokens[self._from :])
        self._from = self._read = len(self._tokens)
        return after[len(before) :].rstrip(_HALF)
