"""What the user sets in the environment; Ollama hands its own on to every runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import RunnerError

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


@dataclass(frozen=True)
class Settings:
    """One field for each variable that begins with AIRLLM_; docs/airllm.md lists them for people."""

    force: bool
    checkpoint: str
    models: Path
    roots: tuple[Path, ...]
    shards: Path
    compression: str | None
    device: str
    dtype: str
    trusted: frozenset[str]
    download: bool
    vram: int | None
    queue: int
    python: str
    real_runner: str

    @staticmethod
    def read(environ: Mapping[str, str]) -> Settings:
        """Reads them and refuses what means nothing."""
        compression = environ.get("AIRLLM_COMPRESSION", "none") or "none"
        if compression not in {"none", "4bit", "8bit"}:
            raise RunnerError(f"AIRLLM_COMPRESSION={compression}: there are none, 4bit and 8bit")
        trusted = frozenset(n.strip() for n in environ.get("AIRLLM_TRUST_REMOTE_CODE", "").split(",") if n.strip())
        if trusted & {"*", "1", "all", "true", "yes"}:
            raise RunnerError(
                "AIRLLM_TRUST_REMOTE_CODE lists names of models whose own Python code may run here,"
                " such as 'org/name,/srv/models/other'; there is no word for all of them"
            )
        roots = environ.get("AIRLLM_ROOTS", "/var/lib/ollama/checkpoints")
        return Settings(
            _flag(environ, "AIRLLM_FORCE"),
            environ.get("AIRLLM_CHECKPOINT", ""),
            Path(environ.get("AIRLLM_MODELS", "/etc/ollama-airllm/models.json")),
            tuple(Path(root) for root in roots.split(":") if root),
            Path(environ.get("AIRLLM_SHARDS", "/var/lib/ollama/airllm")),
            None if compression == "none" else compression,
            environ.get("AIRLLM_DEVICE", "auto") or "auto",
            environ.get("AIRLLM_DTYPE", ""),
            trusted,
            _flag(environ, "AIRLLM_DOWNLOAD"),
            size(environ["AIRLLM_VRAM"], "AIRLLM_VRAM") if environ.get("AIRLLM_VRAM") else None,
            max(1, size(environ.get("AIRLLM_QUEUE") or "16", "AIRLLM_QUEUE")),
            environ.get("AIRLLM_PYTHON", ""),
            environ.get("AIRLLM_REAL_RUNNER", ""),
        )


def size(text: str, name: str) -> int:
    """A number of bytes, such as 24G."""
    digits, unit = (text[:-1], text[-1].upper()) if text[-1:].isalpha() else (text, "")
    if not digits.isascii() or not digits.isdigit() or unit not in _UNITS:
        raise RunnerError(f"{name}={text}: a whole number, with K, M, G or T behind it if you like")
    return int(digits) * _UNITS[unit]


def _flag(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "").lower()
    if text in {"", "0", "false", "no"}:
        return False
    if text in {"1", "true", "yes"}:
        return True
    raise RunnerError(f"{name}={text}: 1 or 0")
