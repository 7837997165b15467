"""Words to commands: what a customer means, concluded from the published manifests; no reply, no effect."""

from sayso.understanding.cascade import Cascade, Model, Opinion, create
from sayso.understanding.intents.embedder import LocalEmbedder
from sayso.understanding.intents.train import train
from sayso.understanding.language_model.budget import Purse, Spent
from sayso.understanding.language_model.endpoint import Endpoint, Prices
from sayso.understanding.language_model.model import ModelStage
from sayso.understanding.lexicon import compile_lexicon
from sayso.understanding.local import analyse

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
