"""What makes the crew's page an app: its service worker, its manifest, its icon for iPhones."""

from flask import Response
from flask import request
from flask import send_from_directory
from flask_babel import force_locale
from flask_babel import gettext
from pydantic_core import to_json

from webconsole.platform import i18n
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages
from webconsole.serving import assets
from webconsole.serving.bundles import STATIC

app_pages = Pages("app_pages", __name__)
_PAPER = "#f7f9fa"
"""As the page's own by day; the browser knows no second colour for the night."""
_ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"))
_MASKABLE = ("icon-maskable-512.png", 512, "maskable")


@app_pages.get("/crew-sw.js", needs=ANYBODY)
def worker() -> Response:
    """Return the crew page's service worker, which names the files of this build.

    At the root: below ``/crew/`` it could not serve ``/crew`` itself.
    """
    build = {"version": assets.version(), "files": assets.files_of("crew")}
    script = (STATIC / "gen" / "js" / "kept" / "crew_worker.js").read_bytes()
    body = b"self.build=" + to_json(build) + b";\n" + script
    return Response(body, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@app_pages.get("/crew.webmanifest", needs=ANYBODY)
def manifest() -> Response:
    """Return what the browser shows of the app where it is installed.

    In the language the address names: browsers ask for it without cookies.
    """
    asked = request.args.get("language")
    language = asked if asked in i18n.LANGUAGES else i18n.chosen_language()
    with force_locale(language):
        told = {
            "id": "/crew",
            "name": gettext("Nearcrew for crews"),
            "short_name": "Nearcrew",
            "description": gettext("Orders, ways and steps of a crew, also without signal."),
            "lang": "zh-CN" if language == "zh" else "en",
            "dir": "ltr",
            "start_url": "/crew",
            # Signing in belongs to the app, too: beyond its scope a browser's bar would appear.
            "scope": "/",
            "display": "standalone",
            "background_color": _PAPER,
            "theme_color": _PAPER,
            "icons": [
                {"src": assets.address("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
                *(_icon(*each) for each in (*_ICONS, _MASKABLE)),
            ],
        }
    headers = {"Cache-Control": "no-cache"}
    return Response(to_json(told), mimetype="application/manifest+json", headers=headers)


@app_pages.get("/apple-touch-icon.png", needs=ANYBODY)
def touch_icon() -> Response:
    """Return the icon for a home screen that reads no manifest."""
    return send_from_directory(STATIC, "img/icon-180.png", max_age=86_400)


def _icon(name: str, pixels: int, purpose: str) -> dict[str, str]:
    return {
        "src": assets.address(f"img/{name}"),
        "sizes": f"{pixels}x{pixels}",
        "type": "image/png",
        "purpose": purpose,
    }
