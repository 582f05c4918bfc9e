"""What stands between the server and the routes: files, bodies, threads, proxies, limits, headers.

Doors: `install` of each, called once by `create_app`; `assets.address` and `native.runner`.
"""
