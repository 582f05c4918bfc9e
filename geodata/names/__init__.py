"""Names of streets and places: spelling, pronunciation, comparison and a search index.

Doors: `name_index`, `name_matching`, `name_text`, `pinyin`, `house_numbers`, `address_parts`,
`street_pairs`. Which places exist and where they are is in `geodata.places`; no database here.
"""
