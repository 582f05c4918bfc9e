"""Extract street and house number from an address with postcode, town and district."""

import re

# The town may come with its province and its district before the street (Chinese) …
_BEFORE = re.compile(
    r"^\s*(?:中国|中华人民共和国)?\s*"
    r"(?:[^\s市区县路街]{2,7}(?:省|自治区)\s*)?"
    r"(?:[^\s区县路街]{2,7}(?:市|自治州|地区)\s*)?"
    r"(?:[^\s市路街]{1,7}(?:区|县|新区|开发区)\s*)?"
    r"(?:[^\s市区县路]{1,7}(?:街道|镇|乡)\s*)?"
)
# … or with its postcode behind it.
_POSTCODE = re.compile(r"[\s,]+(?:[A-Za-z]{1,2}-)?\d{4,6}(?:-\d{3})?\b.*$", re.DOTALL)
_COMMAS = re.compile(r"\s*[,，;；\n]\s*")
_LEAST = 2
_BARE_NUMBER = re.compile(r"^\s*\d+\s*[a-zA-Z]?\s*$")


def street_parts(text: str) -> list[str]:
    """Return the parts of an address that may be street and house number, likeliest first.

    "12 Rue Grimaldi, 98000 Monaco" gives "12 Rue Grimaldi"; "上海市黄浦区人民路12号" gives
    "人民路12号". Nothing is returned that is the text itself.
    """
    parts = [part for part in _COMMAS.split(text) if part]
    # "12, rue Grimaldi, Monaco": a number alone belongs to what follows.
    beginning = parts[: 2 if parts and _BARE_NUMBER.match(parts[0]) else 1]
    found = [
        _BEFORE.sub("", text).strip(),
        " ".join(beginning),
        _POSTCODE.sub("", text).strip(" ,"),
    ]
    unlike = (part for part in dict.fromkeys(found) if part.strip() != text.strip())
    return [part for part in unlike if len(part) >= _LEAST and not _BARE_NUMBER.match(part)]
