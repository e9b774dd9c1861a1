from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "lacydon.capabilities.trust"
    label = "trust"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
