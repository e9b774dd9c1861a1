from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "lacydon.kernel.ui"
    label = "ui"
