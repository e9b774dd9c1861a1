from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "lacydon.capabilities.data"
    label = "data"
