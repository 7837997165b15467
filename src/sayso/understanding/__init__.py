"""Words to commands: what a customer means, concluded from the published manifests; no reply, no effect."""

from sayso.understanding.cascade import Cascade, Model, Opinion, create
from sayso.understanding.classify import train
from sayso.understanding.embedder import LocalEmbedder
from sayso.understanding.lexicon import compile_lexicon
from sayso.understanding.local import analyse
from sayso.understanding.model import OpenAIModel

__all__ = [
    "Cascade",
    "LocalEmbedder",
    "Model",
    "OpenAIModel",
    "Opinion",
    "analyse",
    "compile_lexicon",
    "create",
    "train",
]
