"""AirLLM behind the interface of engine.py. Only this module imports PyTorch, transformers and AirLLM."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from airllm import AutoModel
from transformers import dynamic_module_utils

from . import log
from .cost import Cost, measure
from .engine import CancelledError
from .errors import RunnerError
from .request import Sampling
from .settings import Settings

_RESERVED = {
    "tokenize",
    "add_generation_prompt",
    "return_dict",
    "return_tensors",
    "chat_template",
    "conversation",
    "messages",
}


class AirllmEngine:
    """A checkpoint whose layers are read from the disk for every token."""

    def __init__(self, model: Any, name: str, context: int) -> None:
        self._model = model
        self._tokenizer = model.tokenizer
        # The tokenizers of transformers are not made for two threads.
        self._lock = threading.Lock()
        self._cancelled: Callable[[], bool] = lambda: False
        self.name = name
        self.context = context
        self.ends = _ends(model)
        self.cost = _cost(model)
        for layer in model.layers:
            # In front of AirLLM's own, so that a layer that is not computed is not read either.
            layer.register_forward_pre_hook(self._between_layers, prepend=True)

    @staticmethod
    def load(folder: Path, shards: Path, context: int, settings: Settings, foreign_code: bool) -> AirllmEngine:
        """Splits the checkpoint the first time."""
        if not foreign_code:
            # AirLLM has trust_remote_code=True in its source; this is the one place where such code would be run.
            dynamic_module_utils.get_class_in_module = _refuse_foreign_code
        # AirLLM has the whole process searched for garbage after every layer, which takes longer than a small layer
        # itself; what is frozen is not searched.
        gc.freeze()
        model = AutoModel.from_pretrained(
            str(folder),
            device=_device(settings),
            dtype=_dtype(settings.dtype),
            max_seq_len=context,
            layer_shards_saving_path=str(shards),
            compression=settings.compression,
            prefetching=settings.compression is None,
        )
        longest = _text_config(model.config, "max_position_embeddings")
        if isinstance(longest, int) and 0 < longest < context:
            log.info(f"the context of {context} tokens is more than the model was made for; it is {longest}")
            context = longest
        engine = AirllmEngine(model, folder.name, context)
        gc.freeze()
        log.info(f"ready on {model.device}, {model.running_dtype}: {engine.cost.sentence()}")
        return engine

    def encode(self, text: str, begin: bool) -> list[int]:
        """See Engine."""
        with self._lock:
            tokens: list[int] = list(self._tokenizer(text, add_special_tokens=begin, truncation=False)["input_ids"])
            first, last = self._tokenizer.bos_token_id, self._tokenizer.eos_token_id
        if begin and len(tokens) > 1 and tokens[0] == tokens[1] == first:
            del tokens[0]
        if begin and last is not None and last != first and tokens[-1:] == [last] and not text.endswith(self._end_text()):
            # Some tokenizers end every text; what is to be gone on with has no end.
            del tokens[-1]
        return tokens

    def decode(self, tokens: Sequence[int]) -> str:
        """See Engine."""
        with self._lock:
            if any(token >= len(self._tokenizer) for token in tokens):
                raise RunnerError(f"tokens: the model has {len(self._tokenizer)} of them", 400)
            text: str = self._tokenizer.decode(list(tokens), skip_special_tokens=False, clean_up_tokenization_spaces=False)
            return text

    def chat(self, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
        """See Engine."""
        if not getattr(self._tokenizer, "chat_template", None):
            raise RunnerError("this checkpoint has no chat template; use /completion with a prompt", 400)
        kept = {key: value for key, value in options.items() if key not in _RESERVED}
        try:
            with self._lock:
                text: str = self._tokenizer.apply_chat_template(
                    [dict(m) for m in messages], tokenize=False, add_generation_prompt=True, **kept
                )
        except Exception as problem:
            # A template is a program of the checkpoint's and refuses what it likes.
            raise RunnerError(f"the checkpoint's chat template refuses these messages: {problem}", 400) from problem
        return text

    def generate(
        self,
        prompt: Sequence[int],
        sampling: Sampling,
        limit: int,
        on_token: Callable[[int], bool],
        cancelled: Callable[[], bool],
    ) -> None:
        """See Engine."""
        self._cancelled = cancelled
        torch.manual_seed(sampling.seed) if sampling.seed >= 0 else torch.seed()
        tokens = torch.tensor([list(prompt)], dtype=torch.long, device=self._model.device)

        def criterion(ids: Any, _scores: Any, **_: Any) -> Any:
            return torch.tensor([not on_token(int(ids[0, -1]))], device=ids.device)

        with torch.inference_mode():
            self._model.generate(
                tokens,
                attention_mask=torch.ones_like(tokens),
                generation_config=_generation_config(sampling, limit, self.ends),
                logits_processor=transformers.LogitsProcessorList([_Penalties(sampling)]),
                stopping_criteria=transformers.StoppingCriteriaList([criterion]),
            )

    def _end_text(self) -> str:
        return str(self._tokenizer.eos_token or "\0")

    def _between_layers(self, _module: Any, _args: Any) -> None:
        if self._cancelled():
            raise CancelledError


class _Penalties(transformers.LogitsProcessor):  # type: ignore[misc]
    """llama.cpp's: over the last tokens only, where transformers counts the whole text."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling

    def __call__(self, ids: Any, scores: Any) -> Any:
        """Changes the scores of tokens that came lately."""
        wish = self._sampling
        if wish.repeat_last_n == 0 or (
            wish.repeat_penalty == 1.0 and wish.presence_penalty == 0.0 and wish.frequency_penalty == 0.0
        ):
            return scores
        recent = ids[0] if wish.repeat_last_n < 0 else ids[0][-wish.repeat_last_n :]
        tokens, counts = torch.unique(recent, return_counts=True)
        found = scores[0, tokens]
        if wish.repeat_penalty > 0:
            found = torch.where(found > 0, found / wish.repeat_penalty, found * wish.repeat_penalty)
        scores = scores.clone()
        scores[0, tokens] = found - counts * wish.frequency_penalty - wish.presence_penalty
        return scores


def _generation_config(sampling: Sampling, limit: int, ends: frozenset[int]) -> Any:
    """A new one, so that what the checkpoint recommends does not mix with what the client asked for."""
    common: dict[str, Any] = {"max_new_tokens": limit, "use_cache": True, "eos_token_id": sorted(ends) or None}
    common["pad_token_id"] = min(ends, default=0)
    if sampling.temperature <= 0:
        return transformers.GenerationConfig(do_sample=False, **common)
    return transformers.GenerationConfig(
        do_sample=True,
        temperature=sampling.temperature,
        top_k=max(0, sampling.top_k),
        top_p=sampling.top_p if sampling.top_p > 0 else 1e-6,
        min_p=sampling.min_p or None,
        typical_p=sampling.typical_p if 0 < sampling.typical_p < 1 else 1.0,
        **common,
    )


def _device(settings: Settings) -> str:
    gpu = torch.cuda.is_available()
    if settings.compression and not gpu:
        raise RunnerError(f"AIRLLM_COMPRESSION={settings.compression} needs a GPU, and PyTorch sees none")
    if settings.device != "auto":
        if settings.device.startswith("cuda") and not gpu:
            raise RunnerError(f"AIRLLM_DEVICE={settings.device}, but PyTorch {torch.__version__} sees no GPU")
        return settings.device
    if not gpu:
        log.info(f"PyTorch {torch.__version__} sees no GPU; the CPU computes")
    return "cuda:0" if gpu else "cpu"


def _dtype(name: str) -> Any:
    if not name:
        return None
    dtype = getattr(torch, name, None)
    if name not in {"float16", "bfloat16", "float32"} or dtype is None:
        raise RunnerError(f"AIRLLM_DTYPE={name}: float16, bfloat16 or float32")
    return dtype


def _ends(model: Any) -> frozenset[int]:
    found: set[int] = set()
    for value in (
        getattr(model.generation_config, "eos_token_id", None),
        _text_config(model.config, "eos_token_id"),
        model.tokenizer.eos_token_id,
    ):
        found.update(v for v in (value if isinstance(value, list | tuple) else [value]) if isinstance(v, int))
    return frozenset(found)


def _text_config(config: Any, name: str) -> Any:
    """Models for text and images keep it one level deeper."""
    value = getattr(config, name, None)
    return value if value is not None else getattr(getattr(config, "text_config", None), name, None)


def _cost(model: Any) -> Cost:
    """Of the layers that are read anew each time; a first layer that the last one shares stays in memory."""
    folder = Path(model.checkpoint_path)
    streamed = getattr(model, "_streamed_indices", range(len(model.layer_names)))
    files = [folder / f"{model.layer_names[i]}.safetensors" for i in streamed]
    files = [file for file in files if file.is_file()]
    return Cost(sum(file.stat().st_size for file in files), measure(files))


def _refuse_foreign_code(class_name: str, *_: Any, **__: Any) -> Any:
    raise RunnerError(f"the checkpoint wants to run Python code of its own ({class_name}), which was not allowed by name")
