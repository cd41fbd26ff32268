"""Which Hugging Face checkpoint stands behind a model's blob, and what is to be known of it before it is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import RunnerError
from .gguf import GgufHead
from .settings import Settings

POINTER_KEY = "airllm.checkpoint"
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
_MAX_JSON = 64 << 20
# Where the library looks for the name of a class to import from a file of the checkpoint.
_CODE_FILES = ("config.json", "tokenizer_config.json", "processor_config.json", "preprocessor_config.json")


@dataclass(frozen=True)
class Reference:
    """A checkpoint's folder, or a repository's name, and who named it."""

    name: str
    source: str


def find(blob: Path | None, head: GgufHead | None, settings: Settings) -> Reference | None:
    """The user's word first, then the table, then the blob itself; what a blob says must lie in a folder set for that."""
    if settings.checkpoint:
        return Reference(settings.checkpoint, "AIRLLM_CHECKPOINT")
    if blob is not None:
        named = _table(settings.models).get(blob.name.replace("sha256:", "sha256-"))
        if named:
            return Reference(named, str(settings.models))
    named = head.text(POINTER_KEY) if head else ""
    if not named:
        return None
    if _REPOSITORY.fullmatch(named) and ".." not in named:
        return Reference(named, "the model's own file")
    folder = Path(named).resolve()
    if not any(folder.is_relative_to(root.resolve()) for root in settings.roots):
        roots = ", ".join(str(root) for root in settings.roots)
        raise RunnerError(f"the model's file names the checkpoint {named}, which is not in {roots} (AIRLLM_ROOTS)")
    return Reference(named, "the model's own file")


def is_repository(name: str) -> bool:
    """Whether this is 'owner/name' and no folder."""
    return _REPOSITORY.fullmatch(name) is not None and not Path(name).exists()


def check(folder: Path) -> list[Path]:
    """The files with the weights. Python's pickles are refused: to read them is to run what they say."""
    if not (folder / "config.json").is_file():
        raise RunnerError(f"{folder} is no checkpoint: it has no config.json")
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        names = set(read_json(index).get("weight_map", {}).values())
        files = [folder / name for name in sorted(str(name) for name in names) if Path(str(name)).name == name]
        missing = [file.name for file in files if not file.is_file()]
        if missing or not files:
            what = ", ".join(missing[:3]) or "every file"
            raise RunnerError(f"the checkpoint {folder} is not complete: its index names {what}, and it is not there")
        return files
    single = folder / "model.safetensors"
    if single.is_file():
        return [single]
    raise RunnerError(f"{folder} has no model.safetensors; AirLLM is used with safetensors only, not with .bin or GGUF")


def refuse_foreign_code(folder: Path, name: str, settings: Settings) -> bool:
    """AirLLM turns trust_remote_code on for every model. Here a checkpoint with Python code of its own needs the user's word."""
    asks = [file for file in _CODE_FILES if (folder / file).is_file() and "auto_map" in read_json(folder / file)]
    if not asks:
        return False
    if name in settings.trusted or str(folder) in settings.trusted:
        return True
    raise RunnerError(
        f"{name} brings Python code of its own ({', '.join(asks)} name it), which would run here;"
        f" read it, then allow this one by name: AIRLLM_TRUST_REMOTE_CODE={name}"
    )


def identity(files: list[Path]) -> str:
    """Another one when the checkpoint was changed, so that layers split from an older one are not taken for its own."""
    digest = hashlib.sha256()
    for file in files:
        real = file.resolve()
        status = real.stat()
        digest.update(f"{real}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:12]


def total(files: list[Path]) -> int:
    """Bytes."""
    return sum(file.stat().st_size for file in files)


def read_json(file: Path) -> dict[str, Any]:
    """An object out of a file that somebody else wrote."""
    try:
        if file.stat().st_size > _MAX_JSON:
            raise RunnerError(f"{file} is too large to be what its name says")
        value = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        raise RunnerError(f"{file} can't be read: {problem}") from problem
    if not isinstance(value, dict):
        raise RunnerError(f"{file} holds no JSON object")
    return value


def _table(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    return dict(_pairs(file))


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    for blob, name in read_json(file).items():
        if not isinstance(name, str) or not name:
            raise RunnerError(f"{file}: '{blob}' wants the folder of a checkpoint, or owner/name")
        yield blob.replace("sha256:", "sha256-"), name
