"""The quality of search and answers, all tables: ``python -m benchmarks.quality``."""

from __future__ import annotations

import sys

from benchmarks import retrieval_quality
from benchmarks.quality import answers

if __name__ == "__main__":
    sys.exit(max(retrieval_quality.main([]), answers.main([])))
