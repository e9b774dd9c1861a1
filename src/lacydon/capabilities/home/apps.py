from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "lacydon.capabilities.home"
    label = "home"
