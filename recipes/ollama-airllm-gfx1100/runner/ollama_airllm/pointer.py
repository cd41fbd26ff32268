"""Makes a model for Ollama that holds no weights and names the checkpoint that AirLLM is to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import checkpoint
from .errors import RunnerError
from .gguf import write_pointer

_SIZES = {
    "context_length": ("max_position_embeddings", 4096),
    "embedding_length": ("hidden_size", 1024),
    "block_count": ("num_hidden_layers", 1),
    "feed_forward_length": ("intermediate_size", 4096),
    "attention.head_count": ("num_attention_heads", 16),
    "attention.head_count_kv": ("num_key_value_heads", 0),
}
_MAX_UINT32 = (1 << 32) - 1


def make_pointer(folder: Path, out: Path) -> str:
    """Writes it, and returns the Modelfile that `ollama create` takes."""
    folder = folder.resolve()
    checkpoint.check(folder)
    config = checkpoint.read_json(folder / "config.json")
    text = config.get("text_config") if isinstance(config.get("text_config"), dict) else config
    values: dict[str, str | int | float] = {
        # Ollama computes with these names; which architecture it really is, AirLLM reads in the checkpoint.
        "general.architecture": "llama",
        "general.name": folder.name,
        checkpoint.POINTER_KEY: str(folder),
        "tokenizer.ggml.model": "gpt2",
        # Newer Ollama has llama-quantize copy what it is given, which asks for this one.
        "llama.attention.layer_norm_rms_epsilon": 1e-6,
    }
    for key, (name, default) in _SIZES.items():
        values[f"llama.{key}"] = _size(text or {}, name, default)
    if not values["llama.attention.head_count_kv"]:
        values["llama.attention.head_count_kv"] = values["llama.attention.head_count"]
    template = chat_template(folder)
    if template:
        values["tokenizer.chat_template"] = template
    write_pointer(out, values)
    return f"FROM {out.resolve()}\n"


def chat_template(folder: Path) -> str:
    """The checkpoint's; Ollama knows many by sight and takes its own writing of them."""
    file = folder / "chat_template.jinja"
    if file.is_file() and file.stat().st_size < 1 << 20:
        return file.read_text("utf-8")
    config = folder / "tokenizer_config.json"
    found = checkpoint.read_json(config).get("chat_template") if config.is_file() else None
    if isinstance(found, list):
        found = next((t.get("template") for t in found if isinstance(t, dict) and t.get("name") == "default"), None)
    return found if isinstance(found, str) else ""


def _size(config: dict[str, Any], name: str, default: int) -> int:
    value = config.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_UINT32:
        raise RunnerError(f"config.json: {name} is {value!r}")
    return value
