"""Stands where Ollama looks for a runner, and becomes AirLLM's or the ordinary one; Ollama does not notice."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import log
from .arguments import Dialect, Launch, parse
from .checkpoint import find
from .decide import Decision, decide, find_vram
from .errors import RunnerError
from .gguf import GgufError, GgufHead, read_head
from .settings import Settings

Execute = Callable[[str, list[str], dict[str, str]], object]
_RUNNER = "ollama_llama_server"
_SERVER = "llama-server"
# The ordinary server's name in a package where the dispatcher took its place; it finds its libraries beside itself.
_RENAMED = "llama-server-ordinary"


def main(me: Path, argv: Sequence[str], environ: Mapping[str, str], execute: Execute = os.execve) -> int:
    """Decides and replaces this process. Returns only when nothing could be started."""
    try:
        settings = Settings.read(environ)
        launch = parse(argv)
        decision = _decision(launch, settings)
        if launch.model is not None:
            who = "AirLLM" if decision.airllm else "the ordinary runner"
            log.info(f"{who} serves {launch.model}: {decision.reason}")
        if decision.airllm:
            python = settings.python or sys.executable
            program = Path(__file__).resolve().parent.parent / "run.py"
            execute(python, [python, "-IB", str(program), *argv], without_bundle(environ, me))
        else:
            real = ordinary(me, launch, settings)
            execute(str(real), [str(real), *argv], with_folder(environ, real.parent))
    except RunnerError as problem:
        log.fatal(problem.message)
    except OSError as problem:
        log.fatal(f"the runner can't be started: {problem}")
    return 1


def _decision(launch: Launch, settings: Settings) -> Decision:
    if launch.model is None:
        return Decision(False, "no model is named")
    head: GgufHead | None = None
    try:
        head = read_head(launch.model)
        size = launch.model.stat().st_size
    except (OSError, GgufError) as problem:
        # The ordinary runner says better than anybody what is wrong with such a file.
        return Decision(False, f"the model's file can't be read here: {problem}")
    reference = find(launch.model, head, settings)
    vram = settings.vram if settings.vram is not None else find_vram()
    return decide(size, head, reference, vram, settings)


def ordinary(me: Path, launch: Launch, settings: Settings) -> Path:
    """The program that would have been started without this one."""
    if settings.real_runner:
        return Path(settings.real_runner)
    candidates = list(_candidates(me, launch))
    for candidate in candidates:
        if candidate.is_file() and not candidate.samefile(me):
            return candidate
    raise RunnerError(f"no ordinary runner was found (looked for {', '.join(str(c) for c in candidates)})")


def _candidates(me: Path, launch: Launch) -> list[Path]:
    if launch.dialect is Dialect.LLAMA_SERVER:
        return [me.with_name(_RENAMED), me.parent / "ordinary" / _SERVER]
    runners = me.parent.parent
    # Without layers for the GPU, Ollama means the CPU: it found no room for a single one.
    gpu = sorted(runners.glob("rocm*"), reverse=True) if launch.gpu_layers > 0 else []
    folders = [folder for folder in gpu if folder != me.parent]
    folders += [runners / name for name in ("cpu_avx2", "cpu_avx") if name.removeprefix("cpu_") in _cpu_flags()]
    # lib/ollama/runners/<name>/ and bin/ollama, which can serve on every CPU.
    return [folder / _RUNNER for folder in folders] + [runners.parent.parent.parent / "bin" / "ollama"]


def _cpu_flags(file: Path = Path("/proc/cpuinfo")) -> set[str]:
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return set()
    return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set())


def without_bundle(environ: Mapping[str, str], me: Path) -> dict[str, str]:
    """Ollama puts its own ROCm in front. PyTorch brings or finds another one, and two of them in a process crash."""
    bundle = next((parent for parent in me.parents if parent.name == "ollama"), me.parent)
    kept = [p for p in _paths(environ) if not Path(p).resolve().is_relative_to(bundle.resolve())]
    return {**environ, "LD_LIBRARY_PATH": ":".join(kept)}


def with_folder(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Ollama named this program's folder where the ordinary runner's belongs."""
    paths = [str(folder), *(path for path in _paths(environ) if path != str(folder))]
    return {**environ, "LD_LIBRARY_PATH": ":".join(paths)}


def _paths(environ: Mapping[str, str]) -> list[str]:
    return [path for path in environ.get("LD_LIBRARY_PATH", "").split(":") if path]
