"""From a command line to a model that is ready: find the checkpoint, check it, have it split, measure the disk."""

from __future__ import annotations

import errno
import importlib.util
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import checkpoint, log
from .arguments import Launch
from .cost import ADVICE, Cost, duration, measure
from .decide import amount
from .engine import Engine
from .errors import RunnerError
from .gguf import GgufError, read_head
from .settings import Settings

Progress = Callable[[float], None]
# What AirLLM writes beside the original, as a share of it.
_SPLIT = {None: 1.0, "8bit": 0.51, "4bit": 0.29}
_MODULES = {
    "torch": "PyTorch (for a Radeon: built for ROCm)",
    "transformers": "transformers",
    "accelerate": "accelerate",
    "safetensors": "safetensors",
    "airllm": "AirLLM",
}


def load(launch: Launch, settings: Settings, progress: Progress) -> Engine:
    """Everything that can be found wrong before minutes have passed is found first."""
    if launch.refused:
        raise RunnerError(f"{', '.join(launch.refused)}: AirLLM's runner can't do that")
    reference = reference_of(launch, settings)
    require_modules(settings)
    folder = _folder(reference, settings)
    files = checkpoint.check(folder)
    foreign = checkpoint.refuse_foreign_code(folder, reference.name, settings)
    shards = shards_folder(folder, files, settings)
    size = checkpoint.total(files)
    require_space(shards, size, settings)
    say_cost_beforehand(reference.name, files, size, settings)
    progress(0.01)
    # Not before: it imports PyTorch, which takes seconds.
    from .airllm_engine import AirllmEngine  # noqa: PLC0415

    with split_progress(shards, int(size * _SPLIT[settings.compression]), progress):
        try:
            return AirllmEngine.load(folder, shards, launch.context, settings, foreign)
        except RunnerError:
            raise
        except Exception as problem:
            if full_disk(problem):
                raise RunnerError(
                    f"the disk is full: the layers of {reference.name} did not fit under {shards};"
                    f" {amount(free_space(shards))} are free. Free some, or name another folder in AIRLLM_SHARDS"
                ) from problem
            raise


def reference_of(launch: Launch, settings: Settings) -> checkpoint.Reference:
    """The checkpoint of the model that Ollama names."""
    head = None
    if launch.model is not None:
        try:
            head = read_head(launch.model)
        except (OSError, GgufError) as problem:
            if not settings.checkpoint:
                raise RunnerError(f"the model's file can't be read: {problem}") from problem
    reference = checkpoint.find(launch.model, head, settings)
    if reference is None:
        raise RunnerError(
            f"no safetensors checkpoint is known for {launch.model}: put it into {settings.models},"
            " make a pointer to it (`ollama-airllm pointer`), or set AIRLLM_CHECKPOINT"
        )
    return reference


def require_modules(settings: Settings) -> None:
    """Names all that is missing at once, and for which Python."""
    missing = [text for name, text in _MODULES.items() if importlib.util.find_spec(name) is None]
    if settings.compression and importlib.util.find_spec("bitsandbytes") is None:
        missing.append(f"bitsandbytes (AIRLLM_COMPRESSION={settings.compression} needs it)")
    if missing:
        raise RunnerError(f"{sys.executable} lacks {', '.join(missing)}; install it, or name another Python in AIRLLM_PYTHON")


def _folder(reference: checkpoint.Reference, settings: Settings) -> Path:
    if not checkpoint.is_repository(reference.name):
        folder = Path(reference.name)
        if not folder.is_dir():
            raise RunnerError(f"the checkpoint {reference.name} ({reference.source}) is not there")
        return folder.resolve()
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    try:
        return Path(
            snapshot_download(
                reference.name,
                # No Python and no pickles come along.
                allow_patterns=["*.json", "*.jinja", "*.safetensors", "*.model", "*.txt"],
                local_files_only=not settings.download,
            )
        )
    except Exception as problem:
        hint = "" if settings.download else "; nothing is downloaded unless AIRLLM_DOWNLOAD=1"
        if full_disk(problem):
            hint = "; the disk is full"
        what = f"the checkpoint {reference.name} ({reference.source}) could not be had"
        raise RunnerError(f"{what}: {type(problem).__name__}{hint}") from problem


def shards_folder(folder: Path, files: list[Path], settings: Settings) -> Path:
    """One for each checkpoint: AirLLM names the folder inside always the same and takes what it finds there."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", folder.name)[:60]
    shards = settings.shards / f"{name}-{checkpoint.identity(files)}"
    try:
        shards.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise RunnerError(f"the folder for the layers can't be made: {problem}; AIRLLM_SHARDS names another") from problem
    return shards


def require_space(shards: Path, size: int, settings: Settings) -> None:
    """Before an hour of splitting, not after it."""
    needs = int(size * _SPLIT[settings.compression]) - written(shards)
    free = free_space(shards)
    if needs > free:
        raise RunnerError(
            f"the model is split once into its layers, which takes {amount(needs)} under {shards}, and {amount(free)} are free;"
            " free some, or name another folder in AIRLLM_SHARDS"
        )


def say_cost_beforehand(name: str, files: list[Path], size: int, settings: Settings) -> None:
    """An estimate from the checkpoint; the exact one comes when it is split."""
    cost = Cost(int(size * _SPLIT[settings.compression]), measure(files))
    seconds = f"about {duration(cost.seconds_per_token)}" if cost.bytes_per_second > 0 else "an unknown time"
    log.info(f"{name} has {amount(size)}; each token will take {seconds} at the rate of this disk; {ADVICE}")


def free_space(folder: Path) -> int:
    """Bytes."""
    return shutil.disk_usage(folder).free


def written(folder: Path) -> int:
    """Bytes of the layers that are there; files come and go while AirLLM works."""
    total = 0
    for file in folder.glob("*/*.safetensors"):
        try:
            total += file.stat().st_size
        except OSError:
            continue
    return total


@contextmanager
def split_progress(shards: Path, expected: int, progress: Progress) -> Iterator[None]:
    """Ollama gives up when the progress stands still, so it follows the bytes on the disk and not a clock."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            progress(0.02 + 0.96 * min(1.0, written(shards) / max(1, expected)))

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def full_disk(problem: BaseException | None) -> bool:
    """AirLLM has an exception of its own, safetensors another, and the system a number."""
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if type(problem).__name__ == "NotEnoughSpaceException" or "No space left on device" in str(problem):
            return True
        problem = problem.__cause__ or problem.__context__
    return False
