"""Location models: where to stand, with a proof of how good the answer is.

Each takes a cost matrix (rows demand, columns sites) and answers with `Answer`: sites, objective,
bound, gap, and whether it is proven. The models are `lscp` (fewest sites), `lscp_b` (fewest, with
most backup), `mclp` (most cover), `p_median` (least weighted sum), `p_center` (least maximum),
`double_standard` (two limits, cover twice) and `mexclp` (cover by crews that may be busy). They
know nothing of roads; the first import on a machine compiles their loops, some seconds.
"""

from scripts.studies.siting.answer import Answer
from scripts.studies.siting.center import p_center
from scripts.studies.siting.double_cover import double_standard
from scripts.studies.siting.expected_cover import busy_crews
from scripts.studies.siting.expected_cover import mexclp
from scripts.studies.siting.maximal_cover import mclp
from scripts.studies.siting.median import p_median
from scripts.studies.siting.set_cover import lscp
from scripts.studies.siting.set_cover import lscp_b
from scripts.studies.siting.solving.clock import Progress

__all__ = [
    "Answer",
    "Progress",
    "busy_crews",
    "double_standard",
    "lscp",
    "lscp_b",
    "mclp",
    "mexclp",
    "p_center",
    "p_median",
]
