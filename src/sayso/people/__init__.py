"""Who speaks and what they may: customer tokens, PINs, principals."""

from sayso.people.principals import Principal, Resource, authorize

__all__ = ["Principal", "Resource", "authorize"]
