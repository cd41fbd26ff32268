"""Whether AirLLM or the ordinary runner serves a model, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .checkpoint import Reference
from .gguf import GgufHead
from .settings import Settings

# Beside the weights, a GPU holds the context and what is computed in between.
HEADROOM = 1.1
_CARDS = Path("/sys/class/drm")


@dataclass(frozen=True)
class Decision:
    """Who serves, and the sentence for the log."""

    airllm: bool
    reason: str


def decide(blob_bytes: int, head: GgufHead | None, reference: Reference | None, vram: int | None, settings: Settings) -> Decision:
    """AirLLM when it is forced, when the blob is only a pointer, or when the model does not fit and is there as safetensors."""
    if reference is None:
        reason = "no safetensors checkpoint is known for this model"
        return Decision(False, f"AIRLLM_FORCE=1, but {reason}" if settings.force else reason)
    if settings.force:
        return Decision(True, "AIRLLM_FORCE=1")
    if head is not None and head.tensors == 0:
        return Decision(True, "the model's file is a pointer to a checkpoint and holds no weights")
    if not vram:
        return Decision(False, "no GPU of amdgpu was found, so nothing says that the model does not fit")
    needs = int(blob_bytes * HEADROOM)
    fits = needs <= vram
    numbers = f"{amount(needs)} with its context, the GPU has {amount(vram)}"
    return Decision(not fits, f"it fits: {numbers}" if fits else f"it does not fit: {numbers}")


def find_vram(cards: Path = _CARDS) -> int | None:
    """Bytes of the largest GPU that the driver amdgpu tells of."""
    sizes = []
    for file in cards.glob("card*/device/mem_info_vram_total"):
        try:
            sizes.append(int(file.read_text("ascii")))
        except (OSError, ValueError):
            continue
    return max(sizes, default=None)


def amount(count: int) -> str:
    """12.3 GiB; small ones in MiB."""
    return f"{count / (1 << 30):.1f} GiB" if count >= 1 << 29 else f"{count / (1 << 20):.1f} MiB"
