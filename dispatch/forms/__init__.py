"""Work on the spot: forms that crews fill in, what they measured, codes, parts and minutes.

Doors: `service` (forms, edited by administrators), `measurements` (what crews filled in), `codes`,
`parts` and `part_import` (the lists that the end of an order is described with), `work` and
`required` (what that end says and what it needs), `report_sections` (what stands of it in the
customer's report), `states`, `types` and `models`. `form_values` and `numbers` are pure rules. How
an order can end is `outcomes`; photos are `records`.
"""
