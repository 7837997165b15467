"""The nouns of sayso: frozen dataclasses that every layer shares. Standard library only, no I/O."""
