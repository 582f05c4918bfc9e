"""The long-running processes: what `nearcrew serve` starts, and keeps running.

`supervisor` keeps children running by the rules of `restarts`; `child_process` is one of them, the
database's server (`scripts.cluster.supervised_server`) another. `serve` puts the product together
of them. The application is in `webconsole`, which is started and never imported.

Doors: `serve`, `supervisor`, `child_process`, `worker`, `listening_socket`, `serving_record`.
"""
