"""How the web workers log: lines for people and the journal, without the words of errors."""

import logging
import sys
from typing import Any

from gunicorn.glogging import Logger
from typing_extensions import override

from dispatch.core.fault_text import FaultFormatter
from dispatch.core.fault_text import report_faults_so


class FaultLogger(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """Gunicorn's logger, for its own lines and for those of the application."""

    @override
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        formatter = FaultFormatter(self.error_fmt, self.datefmt)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter)
        ours = logging.StreamHandler(sys.stderr)
        ours.setFormatter(formatter)
        ours.setLevel(logging.WARNING)
        logging.getLogger().handlers = [ours]
        report_faults_so()
