"""The head of a GGUF file: a model's blob in Ollama, and the pointer to a checkpoint, which is a GGUF without tensors."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_MAX_KEYS = 4096
_MAX_TEXT = 1 << 20


class GgufError(Exception):
    """The file is none, or is damaged."""


@dataclass(frozen=True)
class GgufHead:
    """How many tensors there are, and those values that are single strings or numbers."""

    tensors: int
    values: Mapping[str, str | int | float | bool]

    def text(self, key: str) -> str:
        """A string, or nothing."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""


def read_head(path: Path) -> GgufHead:
    """Reads the keys; arrays are passed over, however long they say they are."""
    with path.open("rb") as file:
        reader = _Reader(file, path.stat().st_size)
        if reader.take(4) != b"GGUF":
            raise GgufError(f"{path} is no GGUF file")
        version = reader.number("<I")
        if version not in {2, 3}:
            raise GgufError(f"{path}: GGUF version {version}; 2 and 3 are read")
        tensors, keys = int(reader.number("<Q")), int(reader.number("<Q"))
        if keys > _MAX_KEYS:
            raise GgufError(f"{path} says it has {keys} keys; more than {_MAX_KEYS} are not read")
        values: dict[str, str | int | float | bool] = {}
        for _ in range(keys):
            key = reader.text()
            kind = int(reader.number("<I"))
            if kind == _ARRAY:
                reader.skip_array()
            else:
                values[key] = reader.value(kind)
        return GgufHead(tensors, values)


def write_pointer(path: Path, values: Mapping[str, str | int | float]) -> None:
    """Writes a GGUF that has these keys, one empty token and no tensor; Ollama wants the list of tokens to be there."""
    out = [b"GGUF", struct.pack("<IQQ", 3, 0, len(values) + 1)]
    for key, value in values.items():
        out.append(_text(key))
        if isinstance(value, str):
            out += [struct.pack("<I", _STRING), _text(value)]
        elif isinstance(value, float):
            out.append(struct.pack("<If", 6, value))
        else:
            out.append(struct.pack("<II", 4, value))
    out += [_text("tokenizer.ggml.tokens"), struct.pack("<IIQ", _ARRAY, _STRING, 1), _text("")]
    # No filling up to the next 32 bytes: Ollama 0.5.7 takes whatever follows the head for a second model.
    path.write_bytes(b"".join(out))


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


class _Reader:
    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def take(self, count: int) -> bytes:
        if count > self._left:
            raise GgufError("the GGUF file ends early")
        self._left -= count
        data = self._file.read(count)
        if len(data) != count:
            raise GgufError("the GGUF file ends early")
        return data

    def number(self, form: str) -> int | float | bool:
        value: int | float | bool = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return value

    def text(self) -> str:
        length = int(self.number("<Q"))
        if length > _MAX_TEXT:
            raise GgufError(f"a string of {length} bytes; more than {_MAX_TEXT} are not read")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int) -> str | int | float | bool:
        if kind == _STRING:
            return self.text()
        if kind not in _SCALARS:
            raise GgufError(f"unknown type {kind} of a value")
        return self.number(_SCALARS[kind])

    def skip_array(self) -> None:
        kind, count = int(self.number("<I")), int(self.number("<Q"))
        if kind in _SCALARS:
            self._skip(count * struct.calcsize(_SCALARS[kind]))
        elif kind == _STRING:
            # Each string takes eight bytes at least, so a count that is too large ends with the file.
            for _ in range(count):
                self._skip(int(self.number("<Q")))
        else:
            raise GgufError(f"unknown type {kind} in an array")

    def _skip(self, count: int) -> None:
        if count > self._left:
            raise GgufError("the GGUF file ends early")
        self._left -= count
        self._file.seek(count, 1)
