"""The HTML face of the front door: home, results, communes, who does what, about."""

from django.urls import path, re_path

from . import about, commune, errors, front, results, robots, who

handler400 = "lacydon.capabilities.home.pages.errors.bad_request"
handler403 = "lacydon.capabilities.home.pages.errors.forbidden"
handler404 = "lacydon.capabilities.home.pages.errors.not_found"
handler500 = "lacydon.capabilities.home.pages.errors.failure"

urlpatterns = [
    path("", front.home, name="home"),
    path("recherche", results.results, name="results"),
    path("qui-fait-quoi", who.who, name="who"),
    re_path(r"^communes/(?P<code>[0-9][0-9AB][0-9]{3})(?:-(?P<slug>[a-z0-9-]*))?$", commune.commune, name="commune"),
    path("aide", about.help_page, name="help"),
    path("accessibilite", about.accessibility, name="accessibility"),
    path("mentions-legales", about.legal, name="legal"),
    path("plan-du-site", about.sitemap, name="sitemap"),
]
for_robots = [
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap-xml"),
    path("favicon.ico", robots.favicon, name="favicon"),
]
"""Addresses without a language."""

__all__ = ["errors", "for_robots", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]
