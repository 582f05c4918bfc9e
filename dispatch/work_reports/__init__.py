"""The printable report of a finished order: its facts, its printing, and its way to the customer.

Doors: `service`, `printing`, `sending`, `types` and `models`. Other rooms add sections of their own
(`service.WorkReportService.sections`). What is called a *report* elsewhere is one telling of an
incident; this is the order's.

A report is printed by a process of its own (`printer`), started for each: what a page costs in
memory and time ends with it, and nothing that stands in it is fetched from anywhere.
"""
