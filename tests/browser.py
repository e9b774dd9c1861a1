"""A real browser that tells on what a page should not do: speak to somebody else, or make an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Request, sync_playwright

EXECUTABLE = "/usr/bin/chromium"
HERE = ("127.0.0.1", "localhost")
WITHOUT = (
    # What Playwright does without: a list of ours takes the place of its own.
    "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    # The suggestions under the address bar, two pages of their own that each new window draws though nobody types there.
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
    f"--disable-features={','.join(WITHOUT)}",
    # Nothing leaves this machine, whatever a page asks for.
    f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {name}' for name in HERE)}",
]  # fmt: skip


class Browser:
    """Opens pages of one product. `faults` holds every request to another host, console error and script failure."""

    def __init__(self, *, chromium: Chromium, url: str) -> None:
        self.url = url
        self.faults: list[str] = []
        self._chromium = chromium
        self._host = urlsplit(url).netloc

    def told(self) -> list[str]:
        """The faults since they were last asked for."""
        told, self.faults = self.faults, []
        return told

    @contextmanager
    def context(self, *, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Any]:
        """A visitor (cookies, language, scheme…: Playwright's options) whose pages are watched."""
        options = {"viewport": {"width": width, "height": height}, "locale": "fr-FR"} | options
        context = self._chromium.new_context(base_url=self.url, **options)
        context.on("request", self._look)
        context.on("page", self._watch)
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def page(self, path: str = "/", *, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Page]:
        """A new visitor on this page."""
        with self.context(width=width, height=height, **options) as context:
            page = context.new_page()
            page.goto(path)
            yield page

    def _look(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self.faults.append(f"request to another host: {request.url}")

    def _watch(self, page: Page) -> None:
        page.on("console", lambda said: self._console(page, said))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def _console(self, page: Page, said: Any) -> None:
        # Chromium writes an error for each 4xx answer, even for the 404 page a test asks for.
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.faults.append(f"{page.url}: {said.text}")


@contextmanager
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
