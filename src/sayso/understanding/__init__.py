"""Words to commands: what a customer means, concluded from the published manifests; no reply, no effect."""

from sayso.understanding.budget import Purse, Spent
from sayso.understanding.cascade import Cascade, Model, Opinion, create
from sayso.understanding.embedder import LocalEmbedder
from sayso.understanding.endpoint import Endpoint, Prices
from sayso.understanding.lexicon import compile_lexicon
from sayso.understanding.local import analyse
from sayso.understanding.model import ModelStage
from sayso.understanding.train import train

__all__ = [
    "Cascade",
    "Endpoint",
    "LocalEmbedder",
    "Model",
    "ModelStage",
    "Opinion",
    "Prices",
    "Purse",
    "Spent",
    "analyse",
    "compile_lexicon",
    "create",
    "train",
]
