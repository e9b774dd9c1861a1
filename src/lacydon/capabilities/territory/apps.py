from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "lacydon.capabilities.territory"
    label = "territory"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
