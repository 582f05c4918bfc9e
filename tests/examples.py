"""How many examples a property is held with: few in every run, many when somebody looks for more.

Every run takes the same examples, so more of them find nothing the second time. With
``--hypothesis-profile=new`` they are others each time, and twenty times as many.
"""

import hypothesis

_SEARCHING = 20


def examples(count: int) -> hypothesis.settings:
    """Return settings with so many examples in every run."""
    searching = hypothesis.settings.get_current_profile_name() == "new"
    return hypothesis.settings(max_examples=count * (_SEARCHING if searching else 1))
