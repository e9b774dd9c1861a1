from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "lacydon.capabilities.agenda"
    label = "agenda"

    def ready(self) -> None:
        from . import plugs  # noqa: F401
