from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "lacydon.connectors"
    label = "connectors"

    def ready(self) -> None:
        """Let every connector plug into its port; this package knows none of them by name."""
        from lacydon.connectors import descriptions

        for description in descriptions():
            description.module()
