"""The door of trust."""

from .ports import Beginning, IdentityProvider, Proven, identity_providers

__all__ = ["Beginning", "IdentityProvider", "Proven", "identity_providers"]
