"""Who asks, and under which address, when reverse proxies stand before us."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def install(app: Flask, *, count: int) -> None:
    """Believe what that many proxies say of client, scheme and host; nobody otherwise.

    Anybody can send X-Forwarded-For. Each proxy appends whom it heard from, so only the last
    ``count`` entries are proxies' words. Without them a whole shift behind one proxy would share
    one address, and one person's wrong passwords would lock out everybody.
    """
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's manual has it
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
